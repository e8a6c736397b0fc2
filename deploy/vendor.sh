#!/bin/sh
# Refreshes the third-party front-end files under static/vendor/ and tests/vendor/.
#
# Not part of running or testing Lotsen: the results are in version control. Run it by hand to move to a newer version
# (change the number below), then look at the components page. Needs Node 20 and Python 3.11, both with network.
#
#     sh deploy/vendor.sh
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=${VENDOR_WORK:-$(mktemp -d)}
cp "$here"/vendor/* "$work"/
cd "$work"

npm install --silent --no-save --no-audit --no-fund \
    @kern-ux/native@2.7.2 @fontsource/fira-sans@5.3.0 @fontsource/noto-sans-arabic@5.3.0 @fontsource/vazirmatn@5.3.0 \
    @fontsource/noto-sans-ethiopic@5.3.0 \
    @material-symbols/svg-400@0.48.2 axe-core@4.14.1 \
    sass@1.108.2 postcss@8.5.33 rtlcss@4.3.0 lightningcss@1.33.0
[ -d fonts-venv ] || python3 -m venv fonts-venv
fonts-venv/bin/pip install --quiet fonttools==4.68.0 brotli==1.2.1

sh fonts.sh "$here/../static/vendor/fonts"
node build.mjs "$here/.."
