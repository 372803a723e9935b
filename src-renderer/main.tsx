import './without-eval.ts';
import { StrictMode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { BridgeProvider } from './bridge/context.tsx';
import { createBridge } from './bridge/create-bridge.ts';
import { Mishap } from './mishap.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/frame.css';
import './styles/sleeve.css';
import './styles/lists.css';
import './styles/wall.css';
import './styles/tracks.css';
import './styles/tonight.css';
import './styles/welcome.css';
import './styles/forms.css';

const bridge = createBridge();

const place = document.getElementById('page');
if (place === null) throw new Error('index.html has no place for the page');
createRoot(place).render(
  <StrictMode>
    <Mishap>
      <I18nProvider locale={navigator.language}>
        <BridgeProvider value={bridge}>
          <App />
        </BridgeProvider>
      </I18nProvider>
    </Mishap>
  </StrictMode>,
);
