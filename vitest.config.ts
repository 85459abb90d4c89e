import { availableParallelism } from 'node:os'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { listTests, PROJECTS, type Project, SUITES, type Suite } from './test/environment/projects.ts'

const cores = availableParallelism()
/** The one suite to run, in place of the projects (scripts/run-suite.mjs). */
const suite = SUITES.find(name => name === process.env.TEST_SUITE)
/** A number of workers on the command line counts for every project. */
const asked = process.argv.some(word => word.startsWith('--maxWorkers'))

/** Where programs that tests start write what they covered, when that is measured (scripts/coverage.mjs). */
const programs = process.env.COVERAGE_OF_PROGRAMS
const measured = programs === undefined ? {} : { NODE_V8_COVERAGE: programs }

/**
 * Libraries as the built programs have them. Vitest would ask for their `development` form, in which some stop at an input that they
 * otherwise report, and takes no setting that says otherwise.
 */
const librariesAsBuilt: Plugin = {
  name: 'libraries-as-built',
  configResolved({ ssr }) {
    ssr.resolve = { ...ssr.resolve, conditions: ['node'] }
  },
}

/** One project's tests. */
function project(name: Project | Suite, maxWorkers: number) {
  const needs = name === 'unit' ? {} : { globalSetup: ['test/environment/build-commands.ts'] }
  return {
    extends: true as const,
    test: {
      name,
      ...needs,
      include: listTests(name),
      env: { TEST_PROJECT: name, ...measured },
      // Tests change nothing of their process that another file could see: what they import is loaded once a worker.
      isolate: false,
      ...(asked ? {} : { maxWorkers }),
    },
  }
}

export default defineConfig({
  plugins: [librariesAsBuilt],
  test: {
    projects: suite
      ? [project(suite, 1)]
      : [
          // All together, so that the last of one project leaves no core idle. Many wait as often as they compute: there is one more worker
          // than there are cores.
          ...PROJECTS.map(name => project(name, cores + 1)),
        ],
    // Many tests start whole deployments, builds and browsers, on machines of two slow cores.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is waited for is a condition: a busy machine is no reason to stop waiting.
    expect: { poll: { timeout: 20_000 } },
    coverage: {
      provider: 'v8',
      // What runs in the tests' own process. Programs that tests start, and what each room must reach: scripts/coverage.mjs.
      include: ['src/**/*.{ts,tsx}'],
      reporter: ['json'],
    },
  },
})
