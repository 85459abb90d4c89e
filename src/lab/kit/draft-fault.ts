import type { Fault, FaultDraft } from '../../lab-port/index.ts'

/** The fault of a new incident: it has the form of one, and cannot be brought about until its author has said how. */
export function draftFault({ name, title }: Fault): FaultDraft {
  const variable = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return {
    path: `src/lab/incidents/${name}/fault.ts`,
    text: `import type { Fault } from '../../kit/fault.ts'

/** TODO: what is wrong with the deployment then. */
export const ${variable}: Fault = {
  name: '${name}',
  title: ${quote(title)},
  summary: 'TODO: how it is brought about, and what customers see',
  start: async () => {
    throw new Error('TODO: bring the fault about; src/lab/kit has what other faults use')
  },
  stop: async () => undefined,
  isActive: () => false,
}
`,
    next: ['List the fault: npm run build:cli'],
  }
}

function quote(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text.replaceAll('\\', '\\\\')}'`
}
