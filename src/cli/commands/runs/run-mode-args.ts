/** What commands take that make a run. */
export const runModeArgs = {
  param: { type: 'string', description: 'A secret parameter, given again', valueHint: 'k=v' },
  auto: { type: 'boolean', description: 'Ask nobody, as far as the environment allows it' },
  'break-glass': {
    type: 'string',
    description: 'Wait for nobody’s approval; recorded, and shown ever after',
    valueHint: 'REASON',
  },
  json: { type: 'boolean', description: 'One event a line on stdout' },
} as const
