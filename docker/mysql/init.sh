#!/bin/bash
# Runs once, on an empty data directory: a user for each part, with rights on its own databases only. Names and passwords
# are those of the addresses that the parts are given: /run/secrets/store-url-<name> is mysql://user:password@host/prefix.
set -euo pipefail

statements() {
  local file name address credentials prefix
  for file in /run/secrets/store-url-*; do
    name=${file##*/store-url-}
    address=$(tr -d '\r\n' < "$file")
    credentials=${address#mysql://}
    credentials=${credentials%@*}
    prefix=${address##*/}
    [[ ${credentials%%:*} =~ ^[a-z_]{1,32}$ && ${credentials#*:} =~ ^[A-Za-z0-9]{16,}$ && $prefix =~ ^[a-z_]{1,32}$ ]] || {
      echo "$file: not mysql://user:password@host:port/prefix with letters and digits as password" >&2
      return 1
    }
    echo "CREATE USER IF NOT EXISTS '${credentials%%:*}'@'%' IDENTIFIED BY '${credentials#*:}';"
    for database in $([ "$name" = gateway ] || echo "${prefix}_${name//-/_}") "${prefix}_${name//-/_}_audit"; do
      echo "CREATE DATABASE IF NOT EXISTS \`$database\` CHARACTER SET utf8mb4;"
      # in the name of a database _ stands for any letter, unless it is escaped
      echo "GRANT ALL PRIVILEGES ON \`${database//_/\\_}\`.* TO '${credentials%%:*}'@'%';"
    done
  done
}

statements | mysql --user=root --password="$MYSQL_ROOT_PASSWORD" --protocol=socket
