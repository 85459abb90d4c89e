/** Lines of at most `width` characters, broken between words; a longer word keeps a line to itself. */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap(paragraph => {
    const lines: string[] = []
    let line = ''
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    return [...lines, line]
  })
}

/** A section of a page for a terminal: its paragraphs and list items, each broken anew to fit `columns`. */
export function formatSection(title: string, markdown: string, columns = 80): string {
  const width = Math.max(40, columns - 2)
  const lines = splitBlocks(markdown).flatMap(block => {
    const [, marker = '', text = ''] = /^((?:[-*]|\d+\.) +)?(.*)$/s.exec(block) ?? []
    const hanging = ' '.repeat(marker.length)
    return wrapText(text, width - marker.length).map((line, index) => `${index === 0 ? marker : hanging}${line}`)
  })
  return `\n${title}\n${lines.map(line => `  ${line}`.trimEnd()).join('\n')}\n`
}

/** Paragraphs, list items and the empty lines between them, each on one line. */
function splitBlocks(markdown: string): string[] {
  const blocks: string[] = []
  for (const line of markdown.split('\n').map(text => text.trim())) {
    const last = blocks.at(-1)
    if (last && line && !/^(?:[-*]|\d+\.) /.test(line)) blocks[blocks.length - 1] = `${last} ${line}`
    else blocks.push(line)
  }
  return blocks
}
