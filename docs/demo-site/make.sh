#!/bin/sh
# Remakes the samples of www/ from the sources in this folder. Run it from anywhere; it installs nothing.
#   make.sh            all of them
#   make.sh car pdf    only these: car, video, pdf, program, icon; then the sizes on the front page
set -eu

here=$(cd "$(dirname "$0")" && pwd)
www=$here/../../www
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Debian's names, which often are not the commands' names.
need() {
    command -v "$1" >/dev/null || { echo "make.sh: $1 is missing: apt-get install $2" >&2; exit 1; }
}
need python3 "python3 python3-numpy python3-pil"
python3 -c 'import numpy, PIL' || { echo "make.sh: apt-get install python3-numpy python3-pil" >&2; exit 1; }

# A browser without a window, without chatter on the network, with a profile that is thrown away. It opens only our own
# files, so it may go without its sandbox, which root cannot have.
browser() {
    need chromium "chromium fonts-dejavu"
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$work/profile" "$@" \
        >"$work/browser.log" 2>&1 || { cat "$work/browser.log" >&2; exit 1; }
}

car() {
    browser --window-size=960,600 --screenshot="$work/car.png" "file://$here/car.svg"
    python3 - "$work/car.png" "$www/img/car.jpeg" <<'PYTHON'
import sys
from PIL import Image
Image.open(sys.argv[1]).convert("RGB").save(sys.argv[2], quality=88, optimize=True)
PYTHON
}

# The file is large on purpose (4 MB): of a smaller one, a browser has all before anybody can jump, and never asks for a
# part with Range. Tried with Chromium 156 and Firefox 153: 2.5 MB is too small, 4.3 MB is enough.
# +faststart puts the index before the pictures, so that a browser can play and seek before it has the whole file; a
# key frame every two seconds (-g 48) makes seeking exact enough. The size of the picture is planeta.py's.
video() {
    need ffmpeg ffmpeg
    python3 "$here/planeta.py" | ffmpeg -loglevel error -y \
        -f rawvideo -pixel_format rgb24 -video_size 1280x720 -framerate 24 -i - \
        -vf scale=out_color_matrix=bt709:out_range=tv -colorspace bt709 -color_primaries bt709 -color_trc bt709 \
        -c:v libx264 -preset medium -tune animation -crf 13 -g 48 -profile:v main -pix_fmt yuv420p \
        -fflags +bitexact -flags:v +bitexact -movflags +faststart "$www/video/Planeta.mp4"
    # The first frame, for browsers that show nothing until they play.
    ffmpeg -loglevel error -y -i "$www/video/Planeta.mp4" -frames:v 1 -q:v 5 -fflags +bitexact -flags:v +bitexact \
        "$www/video/Planeta.jpeg"
}

# qpdf packs the tags that make the page readable aloud; they are half of what the browser writes.
pdf() {
    need qpdf qpdf
    browser --no-pdf-header-footer --print-to-pdf="$work/aula.pdf" "file://$here/aula-pdf.html"
    qpdf --object-streams=generate --recompress-flate --compression-level=9 "$work/aula.pdf" "$www/pdf/aula.pdf"
}

program() {
    need wixl wixl
    (cd "$here" && wixl -o "$www/Programa/hola.msi" hola.wxs)
}

# favicon.svg is its own source; favicon.ico is for browsers that ask for that name without being told.
icon() {
    cp "$www/favicon.svg" "$work/favicon.svg"
    cat >"$work/icon.html" <<'HTML'
<!DOCTYPE html><style>html,body{margin:0}img{display:block;width:256px}</style><img src="favicon.svg" alt="">
HTML
    browser --window-size=256,256 --default-background-color=00000000 --screenshot="$work/icon.png" "file://$work/icon.html"
    python3 - "$work/icon.png" "$www/favicon.ico" <<'PYTHON'
import sys
from PIL import Image
Image.open(sys.argv[1]).save(sys.argv[2], sizes=[(16, 16), (32, 32)])
PYTHON
}

[ $# -gt 0 ] || set -- car video pdf program icon
mkdir -p "$www/img" "$www/video" "$www/pdf" "$www/Programa"
for sample; do
    case $sample in
    car | video | pdf | program | icon) "$sample" ;;
    *) echo "make.sh: no such sample: $sample (car, video, pdf, program, icon)" >&2; exit 1 ;;
    esac
    echo "made: $sample"
done
python3 "$here/sizes.py"
