import mercuriusGateway from '@mercuriusjs/gateway';
import Fastify from 'fastify';

export async function start({ urls }) {
  const app = Fastify();
  await app.register(mercuriusGateway, {
    gateway: { services: Object.entries(urls).map(([name, url]) => ({ name, url })) },
    jit: 1,
  });
  return `${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`;
}
