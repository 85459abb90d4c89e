import { execFileSync } from 'node:child_process'

/** Builds the commands once before any test, so that those which run them never see yesterday's. */
export default function buildCommands(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
}
