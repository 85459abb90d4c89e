import { fileTypeFromFile } from 'file-type'
import { BridgeProblem } from '../problem/bridge-problem.ts'

/** Refuses a file if its bytes have another type than its extension says. */
export async function checkType(path: string, name: string): Promise<void> {
  const claimed = extensionOf(name)
  // A file without a well-known extension may have any type.
  if (claimed === undefined || !(textExtensions.has(claimed) || alwaysRecognised.has(claimed))) return
  const found = (await fileTypeFromFile(path))?.ext
  if (!agree(claimed, found)) {
    const detail =
      found === undefined
        ? `The name ends in .${claimed}, the bytes are not that`
        : `The name ends in .${claimed}, the bytes are ${found}`
    throw new BridgeProblem('content-type-mismatch', { detail })
  }
}

function agree(claimed: string, found: string | undefined): boolean {
  if (textExtensions.has(claimed)) return found === undefined || !unmistakable.has(found)
  return found !== undefined && familyOf(claimed).includes(found)
}

function familyOf(extension: string): readonly string[] {
  return families.find(family => family.includes(extension)) ?? [extension]
}

function extensionOf(name: string): string | undefined {
  return /[^.]\.([\da-z]{1,8})$/i.exec(name)?.[1]?.toLowerCase()
}

/** Extensions with the same container format. Their first bytes cannot tell them apart. */
const families: readonly (readonly string[])[] = [
  ['jpg', 'jpeg', 'jpe', 'jfif'],
  ['png', 'apng'],
  ['tif', 'tiff', 'dng', 'nef', 'cr2', 'arw'],
  ['mp4', 'm4v', 'm4a', 'm4b', 'm4p', 'mov', 'qt', '3gp', '3g2', 'f4v', 'f4a', 'f4b', 'f4p'],
  ['heic', 'heif', 'avif'],
  ['webm', 'mkv', 'mka'],
  ['gz', 'tgz'],
  ['bz2', 'tbz2'],
  ['xz', 'txz'],
  ['zst', 'tzst'],
  ['doc', 'xls', 'ppt', 'msi', 'msg', 'cfb'],
  [
    ...[
      'zip',
      'docx',
      'xlsx',
      'pptx',
      'docm',
      'xlsm',
      'pptm',
      'dotx',
      'xltx',
      'potx',
      'ppsx',
      'odt',
      'ods',
      'odp',
      'odg',
    ],
    ...['ott', 'ots', 'otp', 'otg', 'epub', 'jar', 'war', 'apk', 'xpi', 'kmz', 'cbz', 'vsdx', '3mf'],
  ],
  ['exe', 'dll', 'scr', 'sys'],
]

/** Types with a fixed beginning. A file with this extension and another beginning is refused. */
const alwaysRecognised: ReadonlySet<string> = new Set([
  ...['png', 'apng', 'jpg', 'jpeg', 'gif', 'webp', 'tif', 'tiff', 'pdf', 'gz', 'tgz', 'bz2', 'xz', 'zst', '7z', 'rar'],
  ...[
    'zip',
    'docx',
    'xlsx',
    'pptx',
    'odt',
    'ods',
    'odp',
    'epub',
    'jar',
    'apk',
    'doc',
    'xls',
    'ppt',
    'mp4',
    'm4v',
    'm4a',
    'mov',
  ],
  ...['webm', 'mkv', 'heic', 'avif', 'exe', 'dll', 'flac', 'wav', 'avi', 'woff', 'woff2', 'sqlite'],
])

/** Names of plain text. */
const textExtensions: ReadonlySet<string> = new Set([
  ...[
    'txt',
    'csv',
    'tsv',
    'json',
    'ndjson',
    'log',
    'md',
    'yaml',
    'yml',
    'toml',
    'ini',
    'sql',
    'html',
    'htm',
    'css',
    'js',
    'ts',
  ],
])

/** Types with a mark so long that ordinary text does not begin with it by chance. */
const unmistakable: ReadonlySet<string> = new Set([
  ...[
    'png',
    'jpg',
    'gif',
    'webp',
    'pdf',
    'zip',
    'docx',
    'xlsx',
    'pptx',
    'gz',
    'xz',
    'zst',
    '7z',
    'rar',
    'elf',
    'mp4',
    'sqlite',
    'jar',
    'apk',
  ],
])
