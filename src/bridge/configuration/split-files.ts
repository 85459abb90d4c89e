import { delimiter } from 'node:path'

/** The files that a text such as `base.yaml:production.yaml` names, the later over the earlier. */
export function splitFiles(text: string | undefined): readonly string[] {
  return (text ?? '').split(delimiter).filter(file => file !== '')
}
