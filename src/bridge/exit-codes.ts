/** An exit code, its meaning, and what to do about it. */
export interface ExitCode {
  readonly code: number
  readonly meaning: string
  readonly remedy: string
}

/** How a service process ends. */
export const serviceExitCodes = {
  stopped: {
    code: 0,
    meaning: 'It was told to stop, and did',
    remedy: 'Nothing, if you meant it to stop; otherwise start it again, and ask who stopped it',
  },
  failed: {
    code: 1,
    meaning: 'It could not start or go on; the last line of its log says why',
    remedy: 'Read that line: most often a port is taken, or the database or the volume is not there',
  },
  usage: {
    code: 2,
    meaning: 'Its command line names no configuration',
    remedy: 'Give `--config FILE`, or set `UPLOAD_BRIDGE_CONFIG`, where it is started',
  },
  configuration: {
    code: 78,
    meaning: 'The configuration is wrong; the last line of its log names every wrong key',
    remedy: 'Correct those keys, check with `bridgectl config validate FILE`, and start it again',
  },
} as const satisfies Record<string, ExitCode>

/** How bridgectl ends. */
export const bridgectlExitCodes = {
  done: { code: 0, meaning: 'It did what it was asked', remedy: 'Nothing' },
  failed: {
    code: 1,
    meaning: 'The command line is right, but it could not be done',
    remedy:
      'Its message says what was in the way, such as a database that does not answer or an id that does not exist',
  },
  usage: {
    code: 2,
    meaning: 'The command line is wrong, no deployment is named, or its configuration is wrong',
    remedy:
      'Name the deployment with `--config FILE` or `UPLOAD_BRIDGE_CONFIG`; `--help` shows each command with examples',
  },
} as const satisfies Record<string, ExitCode>
