/**
 * A plugin of the build that puts kafkajs into what is built. src/main/kafka/kafkajsModules.ts asks for its modules by a
 * `require` of its own, which the build would leave alone; without that line it is the build's, which finds the modules
 * and runs each when it is first asked for.
 */
import type { Plugin } from 'vite';

const OWN_REQUIRE = 'const require = createRequire(import.meta.url);';

export function bundledKafkajs(): Plugin {
  return {
    name: 'geostream:bundled-kafkajs',
    enforce: 'pre',
    transform: {
      filter: { id: /src\/main\/kafka\/kafkajsModules\.ts$/ },
      handler(code) {
        if (!code.includes(OWN_REQUIRE)) this.error(`there is no line "${OWN_REQUIRE}" to take away`);
        return { code: code.replace(OWN_REQUIRE, ''), map: null };
      },
    },
  };
}
