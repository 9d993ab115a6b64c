#!/usr/bin/env python3
"""Draws the frames of www/video/Planeta.mp4 and writes them to standard output as raw 24-bit RGB.

A planet that does not exist turns once while its moon goes round it once, so the last frame leads back to the first,
and where the moon stands says how far the video has been played: seek, and see.

Usage: planeta.py | ffmpeg -f rawvideo -pixel_format rgb24 -video_size 1280x720 -framerate 24 -i - ...
"""

import sys

import numpy as np

WIDTH, HEIGHT = 1280, 720  # pixels
RATE, SECONDS = 24, 20
CENTRE_X, CENTRE_Y, RADIUS = 640, 366, 225  # the planet's disc, in pixels
TILT = np.radians(20)  # of the planet's axis
SUN = np.array([-0.62, -0.38, 0.68])  # direction to the light: left, above, and towards us
SUN = SUN / np.linalg.norm(SUN)

random = np.random.default_rng(1991)  # the year of HTTP/0.9; a fixed seed makes the same film every time


def noise(points, octaves):
    """Fractal value noise at `points` (..., 3): sums lattice noise at doubling frequencies; about -1 to 1."""
    total = np.zeros(points.shape[:-1])
    amplitude = 0.5
    for _ in range(octaves):
        lattice = random.uniform(-1, 1, (32, 32, 32))
        cell = np.floor(points).astype(int)
        part = points - cell
        part = part * part * (3 - 2 * part)
        for corner in np.ndindex(2, 2, 2):
            weight = np.prod([part[..., k] if corner[k] else 1 - part[..., k] for k in range(3)], axis=0)
            at = [(cell[..., k] + corner[k]) % 32 for k in range(3)]
            total += amplitude * weight * lattice[at[0], at[1], at[2]]
        points, amplitude = points * 2.03 + 7.1, amplitude * 0.55
    return total


def mix(a, b, t):
    """From `a` to `b` as `t` goes from 0 to 1; colours are (..., 3), `t` is (...)."""
    return a + (np.asarray(b) - a) * t[..., None]


def step(low, high, x):
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def colour(text):
    """`#rrggbb` as three numbers from 0 to 1."""
    return np.array([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)])


# The surface and its clouds as maps: rows are latitudes, columns longitudes. Noise is sampled on a sphere, so that
# the map has no seam.
MAP_W, MAP_H = 1536, 768
longitude, latitude = np.meshgrid(
    np.linspace(0, 2 * np.pi, MAP_W, endpoint=False), np.linspace(-np.pi / 2, np.pi / 2, MAP_H)
)
ball = np.stack(
    [np.cos(latitude) * np.cos(longitude), np.sin(latitude), np.cos(latitude) * np.sin(longitude)], axis=-1
)
height = noise(ball * 1.7 + 20, 6) + 0.02
cold = np.abs(latitude) / (np.pi / 2) + 0.16 * noise(ball * 4 + 50, 4)

surface = mix(np.broadcast_to(colour("#0b3f63"), (MAP_H, MAP_W, 3)), colour("#1f8a96"), step(-0.22, 0.02, height))
land = mix(np.broadcast_to(colour("#5f8f4e"), surface.shape), colour("#d9a85c"), step(0.06, 0.2, height))
land = mix(land, colour("#8d5a3b"), step(0.22, 0.4, height))
shore = step(0.0, 0.02, height)
surface = mix(surface, land, shore)
ice = step(0.74, 0.82, cold)
surface = mix(surface, colour("#f3f7f7"), ice)
sea = (1 - shore) * (1 - ice)  # where the sun is mirrored

# The clouds' map repeats after half a turn: they turn one and a half times while the planet turns once.
swirl = np.stack(
    [np.cos(latitude) * np.cos(2 * longitude), 2.6 * np.sin(latitude), np.cos(latitude) * np.sin(2 * longitude)],
    axis=-1,
)
cloud = noise(swirl * 1.5 + 80, 6)
clouds = 0.9 * step(0.04, 0.34, cloud)

maps = np.concatenate([surface, sea[..., None]], axis=-1)


def sample(image, turn, lat, lon):
    """The map's value at each (lat, lon), turned by `turn` of a whole turn; linear between neighbours."""
    y = np.clip((lat / np.pi + 0.5) * (MAP_H - 1), 0, MAP_H - 1.001)
    x = ((lon / (2 * np.pi) + turn) % 1) * MAP_W
    y0, x0 = np.floor(y).astype(int), np.floor(x).astype(int)
    fy, fx = y - y0, x - x0
    x0, x1 = x0 % MAP_W, (x0 + 1) % MAP_W
    if image.ndim == 3:
        fy, fx = fy[..., None], fx[..., None]
    top = image[y0, x0] * (1 - fx) + image[y0, x1] * fx
    low = image[y0 + 1, x0] * (1 - fx) + image[y0 + 1, x1] * fx
    return top * (1 - fy) + low * fy


# What does not move: the sky, and for each pixel of the disc its place on the sphere.
ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH]
dx, dy = (xs - CENTRE_X) / RADIUS, (ys - CENTRE_Y) / RADIUS
distance = np.hypot(dx, dy)

sky = mix(np.broadcast_to(colour("#060b14"), (HEIGHT, WIDTH, 3)), colour("#13283a"), step(1.9, 0.6, distance))
for _ in range(430):
    y, x = random.integers(2, HEIGHT - 2), random.integers(2, WIDTH - 2)
    light = random.uniform(0.25, 0.9) ** 1.5
    tint = colour("#ffe9c4") if random.random() < 0.3 else colour("#dbe9ff")
    sky[y, x] = np.maximum(sky[y, x], tint * light)
    if light > 0.55:
        for ny, nx in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
            sky[ny, nx] = np.maximum(sky[ny, nx], tint * light * 0.45)
facing = (dx * SUN[0] + dy * SUN[1]) / np.maximum(distance, 1e-6)  # 1 on the sunny side of the rim, -1 on the other
halo = np.exp(-np.clip(distance - 1, 0, None) * 11) * np.clip(0.45 + 0.55 * facing, 0.05, 1)
sky = sky + halo[..., None] * colour("#4fb3d1") * 0.75

z = np.sqrt(np.clip(1 - distance**2, 0, 1))
lit = np.clip(dx * SUN[0] + dy * SUN[1] + z * SUN[2], -1, 1)
day = step(-0.12, 0.75, lit)
rx, ry = dx * np.cos(TILT) + dy * np.sin(TILT), -dx * np.sin(TILT) + dy * np.cos(TILT)
lat, lon = np.arcsin(np.clip(ry, -1, 1)), np.arctan2(rx, np.maximum(z, 1e-9))
edge = np.clip((1 - distance) * RADIUS + 0.5, 0, 1)  # a soft rim, one pixel wide
mirror = np.clip(2 * lit * z - SUN[2], 0, 1) ** 38  # the sun's reflection, seen from straight ahead
rim = (1 - z) ** 2.6

MOON_ORBIT, MOON_FLAT, MOON_SIZE = 427, 0.24, 31  # pixels; how flat we see the orbit; pixels
moon_tilt = np.radians(-9)


def moon(frame, phase):
    """Draws the moon of this `phase` (0 to 1) on `frame`, in place."""
    a = 2 * np.pi * phase
    ex, ey = MOON_ORBIT * np.cos(a), MOON_ORBIT * MOON_FLAT * np.sin(a)
    near = 1 + 0.16 * np.sin(a)  # larger on the near side
    cx = CENTRE_X + ex * np.cos(moon_tilt) - ey * np.sin(moon_tilt)
    cy = CENTRE_Y + ex * np.sin(moon_tilt) + ey * np.cos(moon_tilt)
    size = MOON_SIZE * near
    mx, my = (xs - cx) / size, (ys - cy) / size
    r = np.hypot(mx, my)
    mz = np.sqrt(np.clip(1 - r**2, 0, 1))
    light = step(-0.05, 0.8, mx * SUN[0] + my * SUN[1] + mz * SUN[2])
    grey = np.full(r.shape, 0.86)
    for px, py, pr in ((-0.3, -0.2, 0.32), (0.35, 0.25, 0.24), (0.05, 0.5, 0.16), (0.3, -0.45, 0.18), (-0.45, 0.4, 0.14)):
        grey -= 0.16 * step(pr, pr * 0.7, np.hypot(mx - px, my - py))
    shade = (0.05 + 0.95 * light) * grey
    body = shade[..., None] * colour("#f1e6d2")
    cover = np.clip((1 - r) * size + 0.5, 0, 1)
    frame[:] = mix(frame, body, cover)


def frame_at(t):
    """The picture when `t` (0 to 1) of the film has passed."""
    ground = sample(maps, -t, lat, lon)
    cover = sample(clouds, -1.5 * t, lat, lon)
    body = ground[..., :3] * day[..., None]
    body = body + (mirror * ground[..., 3] * (1 - cover) * 0.55)[..., None] * colour("#fff1d0")
    white = colour("#fff8ee") * (0.03 + 0.97 * day[..., None])
    body = body + (white - body) * cover[..., None]
    body = body + colour("#0a1526") * (1 - day[..., None]) * 0.7  # the night side is not quite black
    body = body + (rim * np.clip(day + 0.08, 0, 1) * 0.85)[..., None] * colour("#7fd0e6")
    picture = sky.copy()
    phase = 0.62 - t  # the way the planet turns
    behind = np.sin(2 * np.pi * phase) < 0
    if behind:
        moon(picture, phase)
    picture = mix(picture, body, edge)
    if not behind:
        moon(picture, phase)
    return picture


if __name__ == "__main__":
    frames = RATE * SECONDS
    for n in range(frames):
        rgb = np.clip(frame_at(n / frames), 0, 1) ** (1 / 1.15) * 255
        sys.stdout.buffer.write((rgb + 0.5).astype(np.uint8).tobytes())
