import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const folder = fileURLToPath(new URL('.', import.meta.url));
const packageFile = (path) => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));
/** The server that `npm run console:dev` asks. */
const gateway = process.env.GATEWAY ?? 'http://127.0.0.1:4000';

/**
 * Leaves out the styles that react-components imports beside its scripts: those of every component, also of unused
 * ones, and each compiles vanilla-framework again. styles/index.scss imports those that the console needs.
 */
const withoutComponentStyles = {
  name: 'without-component-styles',
  enforce: 'pre',
  resolveId: (id, importer) =>
    id.endsWith('.scss') && importer?.includes('/@canonical/react-components/') ? '\0no-styles' : null,
  load: (id) => (id === '\0no-styles' ? '' : null),
};

export default defineConfig({
  root: folder,
  plugins: [withoutComponentStyles],
  build: {
    outDir: fileURLToPath(new URL('../../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // An inlined font or picture would be a `data:` address, which the policy of the page forbids for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  resolve: {
    // The package's main file is CommonJS, of which nothing can be left out.
    alias: [
      { find: /^@canonical\/react-components$/, replacement: '@canonical/react-components/dist/esm' },
      // The package exports only its build for development.
      { find: /^react-router$/, replacement: packageFile('react-router/dist/production/index.mjs') },
    ],
    dedupe: ['react', 'react-dom', 'graphql'],
  },
  css: {
    preprocessorOptions: {
      scss: {
        loadPaths: [packageFile('')],
        // vanilla-framework is written with these.
        quietDeps: true,
        silenceDeprecations: ['import', 'global-builtin', 'if-function'],
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/graphql', '/api', '/session', '/set-password', '/explorer'].map((path) => [
        path,
        { target: gateway, ws: true },
      ]),
    ),
  },
});
