/** Sent with every answer: nothing here is a page, may be framed, guessed at, cached or referred to (OWASP ASVS 3.4, 5.4). */
export const securityHeaders = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const

/** Sent as well where clients come by TLS: one year, as browsers' preload lists want it at least. */
export const strictTransportSecurity = 'max-age=31536000; includeSubDomains'
