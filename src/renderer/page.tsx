/** Puts the app on the page, and marks the first frame that shows it. */
import './theme/mantineStyles';
import { MantineProvider } from '@mantine/core';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { ErrorBoundary } from './ErrorBoundary';
import { cssVariables, systemScheme, theme } from './theme/theme';

/** The nonce that this load's CSP names; Mantine puts it on the style tags that it writes. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

function Page() {
  useEffect(() => {
    requestAnimationFrame(() => performance.mark('geostream:painted'));
  }, []);
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={systemScheme}
      cssVariablesResolver={cssVariables}
      getStyleNonce={() => nonce}
    >
      <ErrorBoundary part="The window">
        <App />
      </ErrorBoundary>
    </MantineProvider>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Page />);
