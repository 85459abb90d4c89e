import { readFileSync } from 'node:fs'

const UNIT = 'static/deployment/upload-bridge-api.service'

/** What the API's unit takes away from its process, as it stands there. Throws when the unit says nothing of that. */
export const unitHardening = async () => {
  const [section] = /^UMask=.*?(?=^\[Install\])/ms.exec(readFileSync(UNIT, 'utf8')) ?? []
  if (section === undefined) throw new Error(`${UNIT} has no UMask= in its [Service]`)
  return ['```ini', section.trim(), '```'].join('\n')
}
