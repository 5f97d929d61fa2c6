/**
 * The app's files as an RPM package. rpmbuild finds the libraries that it needs in the executables themselves, and names them
 * as files, which holds on every distribution.
 */
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from '../setup/processes.mjs';

const ARCHITECTURES = { x64: 'x86_64', arm64: 'aarch64' };

/**
 * @param {{ tree: string, app: import('./tree.mjs').App, output: string, work: string, quick: boolean }} options
 *   `work` is an empty folder; `quick` makes a larger package sooner
 */
export async function makeRedhatPackage({ tree, app, output, work, quick }) {
  const target = ARCHITECTURES[process.arch];
  const spec = join(work, `${app.name}.spec`);
  await writeFile(spec, specOf(app, tree, quick ? 1 : 9));
  await mkdir(join(work, 'RPMS'), { recursive: true });
  const defines = ['--define', `_topdir ${work}`, '--define', '_build_id_links none'];
  await runQuietly('rpmbuild', 'rpmbuild', ['-bb', '--target', target, ...defines, spec]);
  const folder = join(work, 'RPMS', target);
  const [made] = await readdir(folder);
  const file = join(output, `${app.name}-${app.version}.${target}.rpm`);
  await rename(join(folder, made), file);
  return file;
}

const specOf = ({ name, version, summary, description, license }, tree, level) => `
# Level 19 took four minutes where this takes half of one.
%define _binary_payload w${level}T0.zstdio
# Electron comes as it is: nothing is stripped or made smaller.
%global __os_install_post %{nil}
%global debug_package %{nil}
# Its own libraries, which lie beside it, are nobody else's business.
%global __provides_exclude_from ^/usr/lib/${name}/.*$
%global __requires_exclude ^lib(ffmpeg|EGL|GLESv2|vk_swiftshader|vulkan)\\\\.so

Name: ${name}
Version: ${version.replaceAll('-', '~')}
Release: 1
Summary: ${summary}
License: ${license}
Requires: libX11-xcb.so.1()(64bit)
Requires: libsecret-1.so.0()(64bit)
Requires: libnotify.so.4()(64bit)

%description
${description}

%install
cp -a "${tree}/." "%{buildroot}/"

%files
%defattr(-, root, root, -)
/usr/bin/${name}
/usr/lib/${name}
%attr(4755, root, root) /usr/lib/${name}/chrome-sandbox
/usr/share/applications/${name}.desktop
/usr/share/metainfo/*.metainfo.xml
/usr/share/icons/hicolor/*/apps/${name}.*
%doc /usr/share/doc/${name}
`;
