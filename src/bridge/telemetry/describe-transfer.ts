/** The fields that say how much was moved and how fast; durations in nanoseconds, as ECS wants them. */
export function describeTransfer(bytes: number, seconds: number): Record<string, number> {
  return {
    'file.size': bytes,
    'event.duration': Math.round(seconds * 1e9),
    'transfer.bytes_per_second': seconds > 0 ? Math.round(bytes / seconds) : bytes,
  }
}
