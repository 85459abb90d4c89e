/** How a service process ends. */
export const serviceExitCodes = {
  stopped: { code: 0, meaning: 'It was told to stop, and did' },
  failed: { code: 1, meaning: 'It could not start or go on; the last line of its log says why' },
  usage: { code: 2, meaning: 'Its command line names no configuration' },
  configuration: { code: 78, meaning: 'The configuration is wrong; the last line of its log names every wrong key' },
} as const

/** How bridgectl ends. */
export const bridgectlExitCodes = {
  done: { code: 0, meaning: 'It did what it was asked' },
  failed: { code: 1, meaning: 'The command line is right, but it could not be done' },
  usage: { code: 2, meaning: 'The command line is wrong, no deployment is named, or its configuration is wrong' },
} as const
