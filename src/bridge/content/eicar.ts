import { open } from 'node:fs/promises'

// In two parts, so that no scanner takes this program for it.
const signature = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')

/** Whether a file is the EICAR anti-malware test file: it begins with its 68 characters (eicar.org). */
export async function isEicarTestFile(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(signature.length), 0, signature.length, 0)
    return bytesRead === signature.length && buffer.toString('latin1') === signature
  } finally {
    await file.close()
  }
}
