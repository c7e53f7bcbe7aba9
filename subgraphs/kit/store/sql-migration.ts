import { Migration } from '@mikro-orm/migrations';
import { MigrationSteps } from './migration-steps.js';
import type { NamedMigration } from './open-store.js';

/** A migration that runs `statements` in order. Once it has run anywhere it never changes; a change is a new one. */
export function sqlMigration(name: string, statements: readonly string[]): NamedMigration {
  return {
    name,
    class: class extends Migration {
      override async up(): Promise<void> {
        if (this.ctx === undefined) await new MigrationSteps(name, (sql, values) => this.execute(sql, values)).run(statements);
        // in a transaction, all of it or nothing
        else for (const statement of statements) this.addSql(statement);
      }
    },
  };
}
