/**
 * Every error that the API answers with, by its stable code (RFC 9457 `application/problem+json`).
 * Codes are a contract: they may be added, never renamed. Documentation is made from this table.
 */
export const problemTypes = {
  'invalid-request': { status: 400, title: 'The request is malformed' },
  'file-missing': { status: 400, title: 'The form has no file in the field "file"' },
  'upload-interrupted': { status: 400, title: 'The connection ended before the upload did' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'upload-not-found': { status: 404, title: 'There is no upload with this id' },
  'offset-conflict': { status: 409, title: 'The upload is at another offset' },
  'upload-gone': { status: 410, title: 'The upload was removed' },
  'tus-version-unsupported': { status: 412, title: 'Only tus 1.0.0 is spoken here' },
  'upload-too-large': { status: 413, title: 'The upload is larger than allowed' },
  'media-type-unsupported': { status: 415, title: 'The content type is not supported here' },
  'upload-locked': { status: 423, title: 'Another request is working on this upload' },
  'internal-error': { status: 500, title: 'Something went wrong here' },
  'not-implemented': { status: 501, title: 'This tus extension is not supported' },
  'admission-closed': { status: 503, title: 'New uploads are not admitted during maintenance' },
  'database-unavailable': { status: 503, title: 'The database cannot be reached' },
  draining: { status: 503, title: 'This process is shutting down' },
  'admission-closed-storage': { status: 507, title: 'New uploads are not admitted until there is room for them' },
  'storage-insufficient': { status: 507, title: 'The storage volume has no room for this upload' },
  'storage-full': { status: 507, title: 'The storage volume is full' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>

/** A stable error code. */
export type ProblemCode = keyof typeof problemTypes
