#!/bin/sh
# Cuts the fonts down to what Lotsen's languages need: no hinting, only the letters of the alphabet in question.
# A page in one script then costs about 15 kB per weight. The subsets are renamed inside (--obfuscate-names), as the
# Open Font License asks of changed versions.
set -eu

out=$1
mkdir -p "$out"
latin='U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+2010-2015,U+2018-201E,U+2022,U+2026,U+202F,U+2039-203A,U+20AC,U+2212'
latin_ext='U+0100-0130,U+0132-0151,U+0154-017F,U+01A0-01A1,U+01AF-01B0,U+0218-021B,U+1E9E'
vietnamese='U+0300-0301,U+0303,U+0309,U+0323,U+1EA0-1EF9,U+20AB'
cyrillic='U+0400-045F,U+0490-0491,U+2116'
# Arabic, Persian, Dari, Pashto, Urdu and Kurdish in Arabic script.
arabic='U+060C,U+061B,U+061F,U+0621-0656,U+0660-066C,U+0670-0671,U+0674,U+0679,U+067C,U+067E,U+0681,U+0685-0686,U+0688-0689,U+0691,U+0693,U+0695-0696,U+0698,U+069A,U+06A4,U+06A9,U+06AB,U+06AF,U+06B5,U+06BA,U+06BC,U+06BE,U+06C0,U+06C6-06C7,U+06C9,U+06CC-06CE,U+06D0,U+06D2,U+06D4-06D5,U+06F0-06F9,U+200C-200F'
# Tigrinya, as it is written: without the rows that only Amharic, Bilen or old texts use.
ethiopic='U+1200-1206,U+1208-121F,U+1220-1248,U+124A-124D,U+1250-1256,U+1258,U+125A-125D,U+1260-1286,U+1290-12AE,U+12B0,U+12B2-12B5,U+12B8-12BE,U+12C0,U+12C2-12C5,U+12C8-12CE,U+12D0-12D6,U+12D8-12F7,U+1300-130E,U+1310,U+1312-1315,U+1320-1337,U+1338-133E,U+1340-1346,U+1348-1357,U+1361-1368'

cut() {  # font, script, weight, characters, another name for the script
    fonts-venv/bin/pyftsubset "node_modules/@fontsource/$1/files/$1-$2-$3-normal.woff2" \
        --unicodes="$4" --flavor=woff2 --no-hinting --obfuscate-names --name-IDs= \
        --layout-features='ccmp,locl,kern,liga,mark,mkmk,calt,init,medi,fina,isol,rlig,tnum' \
        --output-file="$out/$1-${5:-$2}-$3.woff2"
}

for weight in 400 600; do
    cut fira-sans latin $weight "$latin"
    cut fira-sans latin-ext $weight "$latin_ext"
    cut fira-sans vietnamese $weight "$vietnamese"
    cut fira-sans cyrillic $weight "$cyrillic"
    cut noto-sans-arabic arabic $weight "$arabic"
    # For PDF: Noto Sans Arabic sets letters from parts, and text copied or read aloud from a PDF came out wrong.
    cut vazirmatn arabic $weight "U+0020,U+00A0,$arabic" paper
done
cut noto-sans-ethiopic ethiopic 400 "$ethiopic"
# What Tigrinya and Amharic call themselves: for every page's language switch.
cut noto-sans-ethiopic ethiopic 400 'U+121B,U+122D,U+1275,U+129B,U+12A0,U+130D' names

join() { fonts-venv/bin/python paper.py "$@"; }
for weight in 400 600; do
    join "$out/fira-sans-paper-$weight.woff2" \
        "$out/fira-sans-latin-$weight.woff2" "$out/fira-sans-latin-ext-$weight.woff2" \
        "$out/fira-sans-vietnamese-$weight.woff2" "$out/fira-sans-cyrillic-$weight.woff2"
done
join "$out/noto-sans-ethiopic-paper-400.woff2" "$out/noto-sans-ethiopic-ethiopic-400.woff2"
