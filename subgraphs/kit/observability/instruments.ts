import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { METRICS, type MetricEntry, type MetricName } from './metric-table.js';

type NamesOf<T extends MetricEntry['type']> = { [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never }[MetricName];
type LabelsOf<N extends MetricName> = (typeof METRICS)[N] extends { readonly labels: readonly (infer L extends string)[] } ? L : never;

export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;

const describe = (name: MetricName, registry: Registry) => {
  const { help, labels = [] }: MetricEntry = METRICS[name];
  return { name, help, labelNames: [...labels], registers: [registry] };
};

/** A counter of the table. */
export function counterOf<N extends CounterName>(registry: Registry, name: N): Counter<LabelsOf<N>> {
  return new Counter(describe(name, registry));
}

export function histogramOf<N extends HistogramName>(registry: Registry, name: N): Histogram<LabelsOf<N>> {
  const { buckets }: MetricEntry = METRICS[name];
  return new Histogram({ ...describe(name, registry), ...(buckets !== undefined && { buckets: [...buckets] }) });
}

export function gaugeOf<N extends GaugeName>(registry: Registry, name: N): Gauge<LabelsOf<N>> {
  return new Gauge(describe(name, registry));
}

/** One value with its labels. */
export type Reading<N extends MetricName> = readonly [labels: Record<LabelsOf<N>, string>, value: number];

/**
 * A gauge that is read when it is asked for. `read` gives all values there are at that moment; none while it fails or
 * takes longer than a second, so that a store that is down or stuck costs its own numbers and no others.
 */
export function readGauge<N extends GaugeName>(
  registry: Registry,
  name: N,
  read: () => Iterable<Reading<N>> | Promise<Iterable<Reading<N>>>,
): void {
  const gauge: Gauge = new Gauge({
    ...describe(name, registry),
    async collect() {
      const readings = await withinASecond(read);
      gauge.reset();
      // without labels a reset says 0, which is not known
      if (!('labels' in METRICS[name])) gauge.remove();
      for (const [labels, value] of readings) gauge.set(labels, value);
    },
  });
}

/** Like {@link readGauge}, for one without labels; undefined: there is none at the moment. */
export function readOne<N extends GaugeName>(
  registry: Registry,
  name: LabelsOf<N> extends never ? N : never,
  read: () => number | undefined | Promise<number | undefined>,
): void {
  readGauge(registry, name, async () => {
    const value = await read();
    return value === undefined ? [] : [[{} as Record<LabelsOf<N>, string>, value]];
  });
}

/** A counter whose value somebody else keeps; `read` gives how much it is by now, which never falls. */
export function readCounter<N extends CounterName>(registry: Registry, name: N, read: () => Iterable<Reading<N>>): void {
  const told = new Map<string, number>();
  const counter: Counter = new Counter({
    ...describe(name, registry),
    collect() {
      for (const [labels, value] of read()) {
        const key = JSON.stringify(labels);
        counter.inc(labels, Math.max(0, value - (told.get(key) ?? 0)));
        told.set(key, value);
      }
    },
  });
}

/** Readings that come from one question: those that are asked for while it is under way share its answer. */
export function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined;
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

const PATIENCE = 1_000;

async function withinASecond<T>(read: () => Iterable<T> | Promise<Iterable<T>>): Promise<Iterable<T>> {
  const late = Promise.withResolvers<Iterable<T>>();
  const timer = setTimeout(() => late.resolve([]), PATIENCE);
  try {
    return await Promise.race([late.promise, Promise.resolve().then(read)]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
