// For editors: the extension unifiedjs.vscode-remark shows what these plugins find while somebody writes.
import remarkFrontmatter from 'remark-frontmatter'
import { checkFrontMatter } from './scripts/editor/check-front-matter.mjs'

export default { plugins: [[remarkFrontmatter, ['yaml']], checkFrontMatter] }
