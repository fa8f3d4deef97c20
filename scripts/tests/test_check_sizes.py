import pathlib
import unittest

import check_sizes as sizes

CODE = '''\
namespace a {

class B : public C {
 public:
  B() : c_{1}, d_(2) {
    go();
  }
  int inline_one() const { return 1; }

 private:
  struct D {
    int e = 0;
  };
  int f_{3};
};

template <class T, class U = std::vector<T>>
Result<T> long_one(T t,
                   U u) noexcept {
  if (t) {
    auto x = [](int y) { return y; };
  }
  return {};
}

constexpr Row kRows[] = {
    {"a", f(1)},
    {"b", f(2)},
};

enum class E : std::uint8_t { one, two };

}  // namespace a
'''


class Sizes(unittest.TestCase):
    def test_functions(self):
        found = sizes.functions(CODE)
        self.assertIn((5, 7), found)
        self.assertIn((8, 8), found)
        self.assertIn((17, 24), found)
        self.assertEqual(max(last - first + 1 for first, last in found), 8)

    def test_limits(self):
        path = pathlib.Path('x.cpp')
        body = 'void f() {\n' + '  g();\n' * 68 + '}\n'
        self.assertEqual(sizes.check_text(path, body, True), [])
        body = '// why\n\nvoid f() {\n' + '  g();\n' * 69 + '}\n'
        self.assertEqual(sizes.check_text(path, body, True),
                         ['x.cpp:3: a function of 71 lines, at most 70'])
        self.assertEqual(sizes.check_text(path, body, False), [])
        self.assertEqual(sizes.check_text(path, '\n' * 500, True), [])
        self.assertEqual(len(sizes.check_text(path, '\n' * 501, True)), 1)


if __name__ == '__main__':
    unittest.main()
