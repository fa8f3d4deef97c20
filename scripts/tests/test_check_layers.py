import pathlib
import unittest

import check_layers as layers

PATH = pathlib.Path('x.cpp')
LAYERS = {'base': set(), 'net': {'base'}, 'http': {'base'}, 'server': {'base', 'net', 'http'}}


class Layers(unittest.TestCase):
    def test_reads(self):
        read = layers.read_layers('# room: rooms\nbase:   -\nnet: base log # why\n')
        self.assertEqual(read, {'base': set(), 'net': {'base', 'log'}})

    def test_only_rooms_above(self):
        found = layers.check_order({'base': {'net'}, 'net': {'base'}}, PATH)
        self.assertEqual(len(found), 1)
        self.assertIn('x.cpp:1: base allows net', found[0])

    def includes(self, room, text, linked=None):
        return layers.check_includes(room, text, PATH, LAYERS, linked)

    def test_includes(self):
        rows = [
            ('http', '#include "base/fd.h"', 0),
            ('http', '#include "http/head.h"', 0),
            ('http', '#include <vector>', 0),
            ('http', '// #include "net/loop.h"', 0),
            ('http', '#include "net/loop.h"', 1),
            ('http', '#  include "net/loop.h"', 1),
            ('http', '#include "head.h"', 1),
            ('http', '#include <sys/epoll.h>', 1),
            ('net', '#include <sys/epoll.h>', 0),
            ('server', '#include <openssl/ssl.h>', 1),
            ('server', '#include <yaml-cpp/yaml.h>', 1),
            ('server', '#include "yaml-cpp/yaml.h"', 1),
        ]
        for room, text, count in rows:
            with self.subTest(room=room, text=text):
                self.assertEqual(len(self.includes(room, text)), count)

    def test_names_the_line(self):
        self.assertTrue(self.includes('http', '\n\n#include "net/loop.h"')[0].startswith('x.cpp:3: '))

    def test_includes_must_be_linked(self):
        self.assertEqual(self.includes('server', '#include "net/loop.h"', {'net'}), [])
        self.assertEqual(len(self.includes('server', '#include "net/loop.h"', {'http'})), 1)

    def test_reads_deps(self):
        self.assertEqual(layers.read_deps('butter_room(a\n SOURCES b.cpp\n DEPS base net\n LIBS X::Y)'),
                         {'base', 'net'})
        self.assertEqual(layers.read_deps('butter_room(a SOURCES b.cpp)'), set())
        self.assertIsNone(layers.read_deps('add_executable(a b.cpp)'))

    def test_deps_within_layers(self):
        self.assertEqual(layers.check_deps('http', {'base'}, PATH, LAYERS), [])
        self.assertEqual(len(layers.check_deps('http', {'net'}, PATH, LAYERS)), 1)


if __name__ == '__main__':
    unittest.main()
