import { execFileSync } from 'node:child_process'

/** Builds the commands once before any test that runs them, so that none sees yesterday's; projects share what was built. */
export default function buildCommands(): void {
  // Those that are measured are built for it (scripts/coverage.mjs).
  if (process.env.COVERAGE_OF_PROGRAMS !== undefined) return
  if (process.env.COMMANDS_BUILT_BY === String(process.pid)) return
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
  process.env.COMMANDS_BUILT_BY = String(process.pid)
}
