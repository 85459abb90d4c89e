import { servedCertificate } from '../../kit/served-certificate.ts'

/** Nobody put the renewed certificate into its place. */
export const certificateExpiring = servedCertificate({
  name: 'certificate-expiring',
  title: 'The certificate is about to expire',
  summary: 'nginx serves a certificate that ends in two hours; a renewed pair waits beside it',
  endsIn: 2 * 3600,
  renewed: 'beside',
})
