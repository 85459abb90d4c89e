import { formatDuration } from '../../base/pure.ts'

/** How long ago something was, in one unit: `40 s`, `4 min`, `2 h`, `3 d`. */
export function sayAge(milliseconds: number): string {
  const unit = [86_400_000, 3_600_000, 60_000, 1000].find(unit => milliseconds >= unit)
  return unit === undefined ? '0 s' : formatDuration(Math.floor(milliseconds / unit) * unit)
}
