/** The bridge, as thin as it can be: named commands in, named events out, and the points port handed on. */
import { contextBridge, ipcRenderer } from 'electron';
import { channels, eventNames } from '../shared/channels';
import type { GeoStreamApi } from '../shared/contract';

const api: GeoStreamApi = {
  // The main process knows the commands, and refuses what is none.
  call: (name, input) => ipcRenderer.invoke(channels.command, name, input),
  on: (name, listener) => {
    if (!eventNames.includes(name)) throw new Error('There is no such event.');
    const handler = (_event: Electron.IpcRendererEvent, payload: Parameters<typeof listener>[0]) => listener(payload);
    ipcRenderer.on(channels.event(name), handler);
    return () => {
      ipcRenderer.removeListener(channels.event(name), handler);
    };
  },
};

contextBridge.exposeInMainWorld('geostream', api);

// A port cannot cross the context bridge; it is posted to the page's own window instead.
ipcRenderer.on(channels.pointsPort, ({ ports }) => {
  window.postMessage(channels.pointsPort, window.location.origin, [...ports]);
});
