/**
 * A page with what stands between `<!-- generated: NAME -->` and `<!-- /generated -->` written anew.
 * Throws for a name that nothing writes, and for a part that is never closed.
 */
export async function embedReferences(
  page: string,
  references: Readonly<Record<string, () => Promise<string>>>,
): Promise<string> {
  const parts = page.split(/^(<!-- generated: [\w-]+ -->)$/m)
  const written = await Promise.all(
    parts.map(async (part, index) => {
      if (index % 2 === 1 || index === 0) return part
      const name = parts[index - 1]?.replace(/^<!-- generated: | -->$/g, '') ?? ''
      const write = references[name]
      if (!write) throw new Error(`Nothing writes the part ${name}: add it to scripts/references/index.ts`)
      const end = part.search(/^<!-- \/generated -->$/m)
      if (end < 0) throw new Error(`The part ${name} is never closed: end it with <!-- /generated -->`)
      return `\n\n${(await write()).trim()}\n\n${part.slice(end)}`
    }),
  )
  return written.join('')
}
