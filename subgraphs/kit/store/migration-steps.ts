/** Where it is noted; no entity's. */
export const STEP_TABLE = 'migration_step';

type Execute = (sql: string, values?: unknown[]) => Promise<unknown>;

/** Table, column, key or row that is there, or is not there to be taken away. */
const DONE_BEFORE: ReadonlySet<unknown> = new Set([1050, 1051, 1060, 1061, 1062, 1091, 1146]);

/**
 * The statements of a migration where each is committed by itself, as MySQL does with those that change tables. What has
 * been run is noted after each, so a migration whose process died in the middle goes on where it was. The one statement
 * that may have run and not been noted is run again, and told from a fault by its answer that there is nothing left to do.
 */
export class MigrationSteps {
  constructor(
    readonly name: string,
    readonly execute: Execute,
  ) {}

  async run(statements: readonly string[]): Promise<void> {
    await this.execute(
      `create table if not exists ${STEP_TABLE} (name varchar(190) not null, done int not null, primary key (name)) default character set utf8mb4 engine = InnoDB`,
    );
    const [noted] = (await this.execute(`select done from ${STEP_TABLE} where name = ?`, [this.name])) as { done: number }[];
    if (noted === undefined) await this.execute(`insert into ${STEP_TABLE} (name, done) values (?, 0)`, [this.name]);
    const from = noted?.done ?? 0;
    for (const [index, statement] of statements.entries()) {
      if (index < from) continue;
      try {
        await this.execute(statement);
      } catch (error) {
        const resumed = noted !== undefined && index === from;
        if (!resumed || !DONE_BEFORE.has((error as { errno?: unknown }).errno)) throw error;
      }
      await this.execute(`update ${STEP_TABLE} set done = ? where name = ?`, [index + 1, this.name]);
    }
  }
}
