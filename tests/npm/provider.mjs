// An OpenID Connect provider for the tests: oidc-provider with a login that needs no script.
// node provider.mjs SETTINGS.json; SETTINGS: { port, cert, key, clients, accounts }. Says its port on standard output.
import { createServer } from 'node:https';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const accounts = () => JSON.parse(readFileSync(process.argv[2], 'utf8')).accounts;
const LEVEL = 'http://id.sambi.se/loa/loa3';
const names = [...new Set(Object.values(accounts()).flatMap((claims) => Object.keys(claims)))];
const server = createServer({ cert: readFileSync(settings.cert), key: readFileSync(settings.key) });

server.listen(settings.port, '127.0.0.1', () => {
  const { port } = server.address();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(`https://localhost:${port}`, {
    clients: settings.clients,
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['invented'] },
    acrValues: [LEVEL],
    claims: { openid: ['sub'], acr: null, auth_time: null, register: names },
    scopes: ['openid', 'register'],
    features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => accounts()[id] && { accountId: id, claims: () => ({ sub: id, ...accounts()[id] }) },
    // Nobody is asked whether the register may know what it asks for.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid register');
      grant.addOIDCClaims(names);
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
  });
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html');
      return response.end(`<form method="post" action="${request.url}"><input name="login"><button>Log in</button></form>`);
    }
    let body = '';
    for await (const part of request) body += part;
    const accountId = new URLSearchParams(body).get('login');
    const result = accountId ? { login: { accountId, acr: LEVEL } } : { error: 'access_denied' };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  console.log(`listening on ${port}`);
});
