/** An error code, its meaning and its remedy. */
export interface ProblemType {
  readonly status: number
  readonly title: string
  /** When it is answered. */
  readonly meaning: string
  /** What the client or an operator should do. */
  readonly remedy: string
}

/**
 * Every error that the API answers with, by its stable code (RFC 9457 `application/problem+json`).
 * Codes are a contract: they may be added, never renamed. Documentation is made from this table.
 */
export const problemTypes = {
  'invalid-request': {
    status: 400,
    title: 'The request is malformed',
    meaning: 'A header, the address or the body is not what the protocol asks for; the detail says which',
    remedy: 'Correct the request; sending it again unchanged will not help',
  },
  'file-missing': {
    status: 400,
    title: 'The form has no file in the field "file"',
    meaning: '`POST /uploads` takes one file, in the field `file`',
    remedy: 'Name the field `file`',
  },
  'upload-interrupted': {
    status: 400,
    title: 'The connection ended before the upload did',
    meaning: 'The client or the network broke off; by tus, what arrived is kept',
    remedy: 'Ask for the offset with HEAD and resume',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid API key is needed',
    meaning: 'There is no key, or it is unknown, revoked or expired; which of them is not told',
    remedy: 'Send `Authorization: Bearer KEY`; operators list keys with `bridgectl keys list`',
  },
  forbidden: {
    status: 403,
    title: 'This API key may not do that',
    meaning: 'The key is valid, and its role does not allow this request',
    remedy: 'Use a key with another role; `bridgectl keys create --role` makes one',
  },
  'client-blocked': {
    status: 403,
    title: 'This API key is blocked for now',
    meaning: 'An operator blocked it for some time, mostly because its program was out of control',
    remedy: 'Ask the operators, and send nothing until `Retry-After` is over; operators: `bridgectl clients list`',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing at this address',
    meaning: 'No such address exists',
    remedy: 'Correct the address',
  },
  'upload-not-found': {
    status: 404,
    title: 'There is no upload with this id',
    meaning: 'The id is wrong, the upload was removed before it was acknowledged, or it belongs to another client',
    remedy: 'Begin a new upload',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This method is not allowed',
    meaning: 'The address takes other methods; TRACE and others that nothing needs are refused everywhere',
    remedy: 'Use a method that the header `Allow` names',
  },
  'offset-conflict': {
    status: 409,
    title: 'The upload is at another offset',
    meaning: 'A PATCH began at an offset where the upload is not',
    remedy: 'Ask for the offset with HEAD and go on from there',
  },
  'idempotency-key-in-use': {
    status: 409,
    title: 'A request with this Idempotency-Key is under way',
    meaning: 'Another request with the same `Idempotency-Key` of this client has not been answered yet',
    remedy: 'Wait, then send it again; when the other one succeeded, its answer is given again',
  },
  'upload-gone': {
    status: 410,
    title: 'The upload was removed',
    meaning:
      'It was removed before it was complete: by its client, by an operator, or because `storage.expireAfter` is over',
    remedy: 'Begin a new upload',
  },
  'content-removed': {
    status: 410,
    title: 'The bytes of this upload were removed',
    meaning: 'It was delivered, and `storage.retainDelivered` is over',
    remedy: 'Ask downstream for it',
  },
  'tus-version-unsupported': {
    status: 412,
    title: 'Only tus 1.0.0 is spoken here',
    meaning: 'The header `Tus-Resumable` is missing or names another version',
    remedy: 'Send `Tus-Resumable: 1.0.0`',
  },
  'upload-too-large': {
    status: 413,
    title: 'The upload is larger than allowed',
    meaning: 'It is larger than `storage.maxUploadSize`, or than it said it would be',
    remedy: 'Send less; operators may raise `storage.maxUploadSize` and reload',
  },
  'media-type-unsupported': {
    status: 415,
    title: 'The content type is not supported here',
    meaning: 'The address takes another kind of body',
    remedy: 'Send multipart/form-data to `/uploads`, application/offset+octet-stream to `/files/`',
  },
  'content-type-mismatch': {
    status: 415,
    title: 'The bytes are not what the name says',
    meaning: 'The file’s first bytes are of another type than its extension; nothing of it is kept',
    remedy: 'Give the file its right extension',
  },
  'archive-refused': {
    status: 422,
    title: 'The archive is not acceptable',
    meaning:
      'A ZIP, tar, gz, bz2, xz or zst has too many entries, unpacks to too much, has archives too deep inside, leaves its folder, or cannot be unpacked here; the detail says which, and nothing of it is kept',
    remedy: 'Repack it; the limits are under `limits.archive`',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'This Idempotency-Key was used for another file',
    meaning: 'A file with another name or other bytes was sent with it, less than `api.idempotencyKept` ago',
    remedy: 'Use a new key for each upload, and the same key only to send the same file again',
  },
  'malware-found': {
    status: 422,
    title: 'The file was recognised as malware',
    meaning: 'The scanner, or the built-in check for the EICAR test file, recognised it; nothing of it is kept',
    remedy: 'Clean its source; the audit trail says who sent it',
  },
  'upload-locked': {
    status: 423,
    title: 'Another request is working on this upload',
    meaning: 'Two requests write to one upload, and the first does not end',
    remedy: 'Wait, then resume',
  },
  'quota-exceeded': {
    status: 429,
    title: 'The quota of this client is used up for now',
    meaning: 'The client began as many uploads, or sent as many bytes, as `limits` allow in a window',
    remedy: 'Wait as long as `Retry-After` says',
  },
  'too-many-failures': {
    status: 429,
    title: 'Too many wrong API keys from this address',
    meaning: 'More than `auth.maxFailures` in a minute',
    remedy: 'Wait as long as `Retry-After` says, and correct the key',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong here',
    meaning: 'A defect of the service; the log has the error under this request’s id',
    remedy: 'Try again; operators look for the id in the log',
  },
  'not-implemented': {
    status: 501,
    title: 'This tus extension is not supported',
    meaning: 'The answer to OPTIONS names those that are',
    remedy: 'Leave out what belongs to the extension',
  },
  'admission-closed': {
    status: 503,
    title: 'New uploads are not admitted during maintenance',
    meaning: 'An operator closed admission',
    remedy: 'Wait as long as `Retry-After` says; operators: `bridgectl admission open`',
  },
  'database-unavailable': {
    status: 503,
    title: 'The database cannot be reached',
    meaning: 'An upload is acknowledged only with the database; what arrived is kept',
    remedy: 'Try again; operators look at PostgreSQL',
  },
  'keys-unavailable': {
    status: 503,
    title: 'API keys cannot be told apart for now',
    meaning: 'The service cannot read the file of its keys, so nobody gets in by one',
    remedy: 'Try again; operators let the service’s account own and read the file that the log names',
  },
  'scanner-unavailable': {
    status: 503,
    title: 'The malware scanner does not answer',
    meaning: 'A scanner is configured, and nothing is acknowledged unscanned; what arrived is kept',
    remedy: 'Try again; operators look at the scanner',
  },
  overloaded: {
    status: 503,
    title: 'More is asked of this process than it takes on',
    meaning:
      'As many requests as `limits.requestsInFlight` are under way; this one was refused before its body was read',
    remedy: 'Try again as `Retry-After` says; operators look for slow clients, or raise the limit',
  },
  draining: {
    status: 503,
    title: 'This process is shutting down',
    meaning: 'A restart or a deployment is under way',
    remedy: 'Try again in a second',
  },
  'admission-closed-storage': {
    status: 507,
    title: 'New uploads are not admitted until there is room for them',
    meaning: 'An operator closed admission because the volume is full',
    remedy: 'Wait as long as `Retry-After` says',
  },
  'storage-insufficient': {
    status: 507,
    title: 'The storage volume has no room for this upload',
    meaning: 'Fewer bytes are free than the upload, other uploads that have begun and `storage.reserve` need',
    remedy: 'Try again later; operators make room',
  },
  'storage-full': {
    status: 507,
    title: 'The storage volume is full',
    meaning: 'It filled up while bytes arrived; by tus, what arrived is kept',
    remedy: 'Resume later; operators make room',
  },
  'quota-storage-exceeded': {
    status: 507,
    title: 'This client keeps as much here as it may',
    meaning: 'Its uploads that are not removed yet take `limits.bytesAtRest`',
    remedy: 'Wait until some are delivered',
  },
} as const satisfies Record<string, ProblemType>

/** A stable error code. */
export type ProblemCode = keyof typeof problemTypes
