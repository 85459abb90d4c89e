import { readFile } from 'node:fs/promises'

/** The review checklist, as the template for changes has it, without its boxes. */
export async function reviewChecklist(): Promise<string> {
  const template = await readFile('.github/pull_request_template.md', 'utf8')
  return [...template.matchAll(/^- \[ \] (.*)$/gm)].map(([, item = '']) => `- ${item}`).join('\n')
}
