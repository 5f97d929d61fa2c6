/**
 * A plugin of the build that names in index.html what the entry imports first: the map's script and its styles come along
 * with the entry, and not only once that has run.
 */
import type { HtmlTagDescriptor, Plugin } from 'vite';

/** @param module the end of the path of the module that the entry imports */
export function preloadedMap(module: string): Plugin {
  return {
    name: 'geostream:preloaded-map',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        if (!bundle) return [];
        const chunk = Object.values(bundle).find(
          (one) => one.type === 'chunk' && one.moduleIds.some((id) => id.endsWith(module)),
        );
        if (chunk?.type !== 'chunk') throw new Error(`the page's entry imports no ${module}`);
        const styles = [...(chunk.viteMetadata?.importedCss ?? [])];
        // The styles are not applied here: the entry would wait for them. Its import does that, and waits.
        return [
          ahead({ rel: 'modulepreload', href: `./${chunk.fileName}` }),
          ...styles.map((file) => ahead({ rel: 'preload', as: 'style', href: `./${file}` })),
        ];
      },
    },
  };
}

const ahead = (attrs: Record<string, string>): HtmlTagDescriptor => {
  return { tag: 'link', attrs: { ...attrs, crossorigin: true }, injectTo: 'head' };
};
