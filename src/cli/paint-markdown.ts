import pc from 'picocolors'

/** Markdown as written, with what structures it made visible in a terminal with colours; the front matter is dimmed. */
export function paintMarkdown(text: string): string {
  let fence = ''
  let matter = text.startsWith('---')
  return text
    .split('\n')
    .map((line, index) => {
      if (matter) {
        if (index > 0 && line.startsWith('---')) matter = false
        return pc.dim(line)
      }
      const [, mark = ''] = /^\s*(`{3,}|~{3,})/.exec(line) ?? []
      if (fence !== '' && mark.startsWith(fence)) {
        fence = ''
        return pc.dim(line)
      }
      if (fence !== '') return pc.cyan(line)
      if (mark !== '') {
        fence = mark
        return pc.dim(line)
      }
      return /^#{1,6} /.test(line) ? pc.bold(line.replace(/\s*<!--.*-->/, comment => pc.dim(comment))) : line
    })
    .join('\n')
}
