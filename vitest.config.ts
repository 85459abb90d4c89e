import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/environment/build-commands.ts'],
    // Many tests start whole deployments, builds and browsers, on machines of two slow cores.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
