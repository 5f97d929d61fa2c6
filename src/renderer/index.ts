/**
 * The page's entry, kept small: what takes a while and needs nothing of the page is begun here, while the map's script is
 * still on its way (scripts/setup/preloadedMap.ts). The rest of the page comes when the map has its first points.
 */
import './theme/tokens.css';
import './theme/page.css';
import './theme/frame.css';
import { startDrawingWorkerAhead } from './map/drawingWorker';
import { listenToMain } from './state/listenToMain';
import { onPageTurn } from './state/pageTurn';
import { askForPointsAhead } from './state/pointsPort';

startDrawingWorkerAhead();
void listenToMain();
askForPointsAhead();
void import('./mapRoom/startMap').then(({ startMap }) => startMap());
onPageTurn(() => void import('./page'));
