/** What takes a while and needs nothing of the page is begun before the page's other modules are run. */
import { startDrawingWorkerAhead } from './map/drawingWorker';

startDrawingWorkerAhead();
