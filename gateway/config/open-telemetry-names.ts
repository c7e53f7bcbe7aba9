const SIGNALS = ['', 'TRACES_', 'METRICS_', 'LOGS_'];
const OF_EXPORTER = [
  'ENDPOINT',
  'HEADERS',
  'TIMEOUT',
  'PROTOCOL',
  'COMPRESSION',
  'INSECURE',
  'CERTIFICATE',
  'CLIENT_KEY',
  'CLIENT_CERTIFICATE',
];
const OF_BATCHES = ['SCHEDULE_DELAY', 'EXPORT_TIMEOUT', 'MAX_QUEUE_SIZE', 'MAX_EXPORT_BATCH_SIZE'];
const OF_LIMITS = ['ATTRIBUTE_VALUE_LENGTH_LIMIT', 'ATTRIBUTE_COUNT_LIMIT'];

/**
 * What OpenTelemetry defines for its SDKs and the OTLP exporter
 * (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables and …/protocol/exporter). An operator may
 * set them for every process of a machine, so that they are let pass whether or not they are settings here.
 */
export const OPEN_TELEMETRY_NAMES: ReadonlySet<string> = new Set(
  [
    'SDK_DISABLED',
    'ENTITIES',
    'RESOURCE_ATTRIBUTES',
    'SERVICE_NAME',
    'LOG_LEVEL',
    'PROPAGATORS',
    'TRACES_SAMPLER',
    'TRACES_SAMPLER_ARG',
    'TRACES_EXPORTER',
    'METRICS_EXPORTER',
    'LOGS_EXPORTER',
    'METRICS_EXEMPLAR_FILTER',
    'METRIC_EXPORT_INTERVAL',
    'METRIC_EXPORT_TIMEOUT',
    'CONFIG_FILE',
    'EXPERIMENTAL_CONFIG_FILE',
    'EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    'EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    ...SIGNALS.flatMap((signal) => OF_EXPORTER.map((name) => `EXPORTER_OTLP_${signal}${name}`)),
    ...OF_BATCHES.flatMap((name) => [`BSP_${name}`, `BLRP_${name}`]),
    ...OF_LIMITS.flatMap((name) => [name, `SPAN_${name}`, `EVENT_${name}`, `LINK_${name}`, `LOGRECORD_${name}`]),
    'SPAN_EVENT_COUNT_LIMIT',
    'SPAN_LINK_COUNT_LIMIT',
  ].map((name) => `OTEL_${name}`),
);
