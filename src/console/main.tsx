import { createRoot } from 'react-dom/client';
import '@fontsource-variable/ubuntu-sans/wght.css';
import '@fontsource-variable/ubuntu-sans-mono/wght.css';
import './styles/index.scss';
import { App } from './app/app.tsx';
import { preloadPage } from './app/routes.tsx';
import { ask } from './app/session/session.ts';
import { startTheme } from './app/shell/theme.ts';

startTheme();
void ask();
preloadPage();
createRoot(document.getElementById('root')!).render(<App />);
