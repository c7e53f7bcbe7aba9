import { Migration } from '@mikro-orm/migrations';
import type { NamedMigration } from './open-store.js';

/** A migration that runs `statements` in order. Once it has run anywhere it never changes; a change is a new one. */
export function sqlMigration(name: string, statements: readonly string[]): NamedMigration {
  return {
    name,
    class: class extends Migration {
      override up(): void {
        for (const statement of statements) this.addSql(statement);
      }
    },
  };
}
