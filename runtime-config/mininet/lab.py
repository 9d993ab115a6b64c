"""The lab's network in Mininet, without Open vSwitch: h1 (10.0.0.1) and h2 (10.0.0.2) on the switch s1, a Linux bridge.

    sudo python3 lab.py [--nat]                      # this network, and Mininet's command line
    sudo mn --custom lab.py --switch lxbr [--nat]    # this switch in `mn`, whose default topology is the same

The switch needs the program `ip` alone. Mininet's own `lxbr` does the same with `brctl`, which few systems still have.
"""

import argparse
from functools import partial

from mininet.cli import CLI
from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.node import Switch
from mininet.topo import MinimalTopo

# The machine's own address in the lab's network, so that its browser reaches h2. With --nat it has another.
MACHINE = "10.0.0.254/8"


class IpBridge(Switch):
    """A switch made by `ip link add ... type bridge`, which needs no controller."""

    def __init__(self, name, address=None, **params):
        """address: the machine's own on this switch, as `10.0.0.254/8`; None: the machine is not on it."""
        self.address = address
        super().__init__(name, **params)

    def start(self, _controllers):
        self.ip("link add", self, "type bridge")
        for interface in self.intfList():
            if interface.name != "lo":
                self.ip("link set", interface, "master", self, "up")
        if self.address:
            self.ip("address add", self.address, "dev", self)
        self.ip("link set", self, "up")

    def stop(self, deleteIntfs=True):
        self.cmd("ip link delete", self)
        super().stop(deleteIntfs)

    def ip(self, *arguments):
        """Runs `ip`, which says nothing when all is well."""
        said = self.cmd("ip", *arguments).strip()
        if said:
            raise RuntimeError(f"ip {' '.join(map(str, arguments))}: {said}")


# What `mn --custom` looks for. Under the name of Mininet's own bridge: where no OpenFlow controller is installed, `mn`
# refuses every other switch.
switches = {"lxbr": IpBridge}


def main():
    """Builds the network, hands it to the user, and takes it down again however that ends."""
    parser = argparse.ArgumentParser(description="h1 and h2 on a switch, in Mininet")
    parser.add_argument("--nat", action="store_true", help="let the hosts reach other networks too: see README.md")
    nat = parser.parse_args().nat
    setLogLevel("info")
    switch = partial(IpBridge, address=None if nat else MACHINE)
    net = Mininet(topo=MinimalTopo(), switch=switch, controller=None)
    try:
        if nat:
            net.addNAT().configDefault()
        net.start()
        CLI(net)
    finally:
        net.stop()


if __name__ == "__main__":
    main()
