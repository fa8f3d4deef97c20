import unittest

import check_mirror as mirror


class Mirror(unittest.TestCase):
    def test_unit_or_component(self):
        sources = ['src/http/head.cpp', 'src/net/tls/session.cpp', 'src/net/loop.cpp']
        tests = {'tests/unit/http/head_test.cpp', 'tests/component/net_tls_session_test.cpp'}
        found = mirror.untested(sources, tests, {})
        self.assertEqual(len(found), 1)
        self.assertIn('src/net/loop.cpp:1: no test', found[0])

    def test_exemptions(self):
        self.assertEqual(mirror.untested(['src/app/main.cpp'], set(), {'src/app/main.cpp': 'why'}), [])
        self.assertEqual(len(mirror.untested([], set(), {'src/app/gone.cpp': 'why'})), 1)

    def test_orphans(self):
        code = ['src/http/head.cpp', 'src/base/clock.h', 'src/json/text_scan.h']
        rows = [('http/head', 0), ('http/head_limits', 0), ('base/clock', 0), ('http/gone', 1),
                ('http/header', 1), ('json/text_scan', 0), ('json/text', 1)]
        for name, count in rows:
            with self.subTest(name=name):
                self.assertEqual(len(mirror.orphans([f'tests/unit/{name}_test.cpp'], code)), count)

    def test_unbuilt(self):
        cmake = {'src/http': 'butter_room(http SOURCES head.cpp x/y.cpp)'}
        self.assertEqual(mirror.unbuilt(['src/http/head.cpp', 'src/http/x/y.cpp'], cmake), [])
        self.assertEqual(len(mirror.unbuilt(['src/http/ad.cpp', 'src/http/y.cpp'], cmake)), 2)


if __name__ == '__main__':
    unittest.main()
