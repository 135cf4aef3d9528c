import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AwsRequest, presignedQuery } from './aws-sigv4.ts';

/**
 * The signing test suite that AWS publishes (github.com/awslabs/aws-c-auth, tests/aws-signing-test-suite/v4): the key,
 * date and service of its `context.json`, the signatures of its `query-signature.txt`.
 */
const suite: AwsRequest = {
  host: 'example.amazonaws.com',
  path: '/',
  region: 'us-east-1',
  service: 'service',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  expires: 3600,
  token: 'signed',
};
const suiteNow = Date.parse('2015-08-30T12:36:00Z');
const unreserved = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const longToken =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';

const signatureOf = (query: string) => new URLSearchParams(query).get('X-Amz-Signature');

describe('presignedQuery', () => {
  it.each<[string, Partial<AwsRequest>, string, string]>([
    ['get-vanilla', {}, 'GET', 'e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d'],
    [
      'get-vanilla-query-order-key-case',
      { path: '/?Param2=value2&Param1=value1' },
      'GET',
      '86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5',
    ],
    [
      'get-vanilla-empty-query-key',
      { path: '/?Param1=value1' },
      'GET',
      '49096700cbbaa5753443850f40df10f904fc2fdb544dc9512203cc77c471a9de',
    ],
    [
      'get-vanilla-utf8-query',
      { path: '/?ሴ=bar' },
      'GET',
      '0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600',
    ],
    [
      'get-vanilla-query-unreserved',
      { path: `/?${unreserved}=${unreserved}` },
      'GET',
      '8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf',
    ],
    ['get-utf8', { path: '/ሴ' }, 'GET', '10eae3f14a260bd3911cc6d008d3c576d143b05b62f09782a7a4b37f52178e44'],
    [
      'get-space-normalized',
      { path: '/example space/' },
      'GET',
      '7a1f416954786484c9824d93c1f26ef64acb9b1b6c9154d08c9f07d0e394abf6',
    ],
    [
      'get-vanilla-with-session-token',
      { sessionToken: '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267' },
      'GET',
      '7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c',
    ],
    [
      'post-sts-header-after (omit_session_token)',
      { sessionToken: longToken, token: 'appended' },
      'POST',
      '2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b',
    ],
  ])('signs %s of the published test suite', async (_, request, method, signature) => {
    const query = await presignedQuery({ ...suite, ...request }, suiteNow, method);
    expect(signatureOf(query)).toBe(signature);
  });

  it('appends the session token after signing where the service is AWS IoT', async () => {
    const request = { ...suite, service: 'iotdevicegateway', token: 'appended' } as const;
    const without = await presignedQuery(request, suiteNow);
    const withToken = await presignedQuery({ ...request, sessionToken: 'a/b+c=' }, suiteNow);
    expect(withToken).toBe(`${without}&X-Amz-Security-Token=a%2Fb%2Bc%3D`);
  });

  it('signs any path and name, with a query that can be read back', async () => {
    const any = fc.string({ unit: 'binary', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(any, any, any, any, async (path, region, accessKeyId, sessionToken) => {
        const request = {
          ...suite,
          path: `/${path}`,
          region,
          accessKeyId,
          sessionToken,
          token: 'appended',
        } as const;
        const parameters = new URLSearchParams(await presignedQuery(request, suiteNow));
        expect(parameters.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
        const scope = `${accessKeyId}/20150830/${region}/service/aws4_request`;
        expect(parameters.get('X-Amz-Credential')).toBe(scope.toWellFormed());
        expect(parameters.get('X-Amz-Security-Token') ?? '').toBe(sessionToken.toWellFormed());
      }),
      { numRuns: 60 },
    );
  });

  it('encodes path segments once, whether they came encoded or not', async () => {
    const plain = await presignedQuery({ ...suite, path: '/a b/$c' }, suiteNow);
    const encoded = await presignedQuery({ ...suite, path: '/a%20b/%24c' }, suiteNow);
    expect(encoded).toBe(plain);
  });
});
