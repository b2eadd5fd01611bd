import { createRoot } from 'react-dom/client';
import '@fontsource-variable/ubuntu-sans/wght.css';
import '@fontsource-variable/ubuntu-sans-mono/wght.css';
import './styles/index.scss';
import { App } from './app/app.tsx';
import { startTheme } from './app/shell/theme.ts';

startTheme();
createRoot(document.getElementById('root')!).render(<App />);
