import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/environment/build-commands.ts'],
    // Many tests start whole deployments, builds and browsers, on machines of two slow cores.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      // What runs in the tests' own process; programs that tests start are not seen.
      include: ['src/{base,procedure,alerts,journal,environments,secrets,lint,readiness,report}/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: { statements: 80, branches: 70, functions: 80, lines: 80 },
    },
  },
})
