/**
 * The page's entry, kept small: what takes a while and needs nothing of the page is begun here, while the rest is still
 * on its way (scripts/setup/preloadedPage.ts).
 */
import { startDrawingWorkerAhead } from './map/drawingWorker';
import { listenToMain } from './state/listenToMain';

startDrawingWorkerAhead();
void listenToMain();
void import('./page');
