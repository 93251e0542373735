/** Trees as the language's precedence table defines them; each expectation is written from the table. */
import { describe, expect, test } from 'vitest'
import { tree } from './support.ts'

describe('arithmetic', () => {
  test.each([
    ['2^3^2', '(pow (pow 2 3) 2)'],
    ['-2^2', '(pow -2 2)'],
    ['-a^2', '(pow (negate a) 2)'],
    ['10-2-3', '(sub (sub 10 2) 3)'],
    ['2+3*4', '(add 2 (mul 3 4))'],
    ['7%4*2', '(mul (rem 7 4) 2)'],
    ['1<<2+1', '(add (lsh 1 2) 1)'],
    ['6&3+1', '(add (and 6 3) 1)'],
    ['1|2+4', '(add (or 1 2) 4)'],
    ['3&1|4', '(or (and 3 1) 4)'],
    ['2*3^2', '(mul 2 (pow 3 2))'],
    ['1+2==3', '(eq (add 1 2) 3)'],
    ['3>2>0', '(gt (gt 3 2) 0)'],
    ['a<b>c', '(gt (lt a b) c)'],
    ['a!=b<=c>=d', '(ge (le (ne a b) c) d)'],
    ['6 xor 3*2', '(mul (xor 6 3) 2)'],
    ['100/5/2', '(div (div 100 5) 2)'],
    ['16>>1<<2', '(lsh (rsh 16 1) 2)'],
    ['s@1^2', '(pow (delay s 1) 2)'],
    ['2*s@1', '(mul 2 (delay s 1))'],
    ['s@1@2', '(delay (delay s 1) 2)'],
    ["s'@2", '(delay (delay1 s) 2)'],
    ["s@2'", '(delay s (delay1 2))'],
    ["s''^2", '(pow (delay1 (delay1 s)) 2)'],
    ['(a+b)*c', '(mul (add a b) c)'],
    ['a<-1', '(lt a -1)'],
  ])('%s', (text, expected) => expect(tree(text)).toBe(expected))
})

describe('composition', () => {
  test.each([
    ['a:b:c', '(seq a (seq b c))'],
    ['a,b,c', '(par a (par b c))'],
    ['a~b~c', '(rec (rec a b) c)'],
    ['a<:b<:c', '(split a (split b c))'],
    ['a:>b<:c', '(merge a (split b c))'],
    ['a+>b', '(merge a b)'],
    ['x,y:f', '(seq (par x y) f)'],
    ['a<:b:c', '(split a (seq b c))'],
    ['a:b<:c', '(split (seq a b) c)'],
    ['a~b,c', '(par (rec a b) c)'],
    ['a+b~c*d', '(rec (add a b) (mul c d))'],
    ['+(1)~_', '(rec (apply add (1)) _)'],
    ['1,2:+,3:*,1', '(seq (par 1 2) (seq (par add 3) (par mul 1)))'],
    ['a<b:c', '(seq (lt a b) c)'],
    ['_,!', '(par _ !)'],
  ])('%s', (text, expected) => expect(tree(text)).toBe(expected))
})

describe('signs', () => {
  test.each([
    ['-a', '(negate a)'],
    ['-3', '-3'],
    ['- 3', '-3'],
    ['+3.5', '3.5'],
    ['-(3)', '(apply sub (3))'],
    ['-(x)', '(apply sub (x))'],
    ['10:-(3)', '(seq 10 (apply sub (3)))'],
    ['1 -1', '(sub 1 1)'],
    ['3 -a', '(sub 3 a)'],
    ['3 - -a', '(sub 3 (negate a))'],
    ['3+-2', '(add 3 -2)'],
    ["-x'", '(delay1 (negate x))'],
    ['-f(2)', '(apply (negate f) (2))'],
    // An extension: Faust reads (-ma).PI and rejects it.
    ['-ma.PI', '(negate (access ma PI))'],
    ['-a.b.c(2)', '(apply (negate (access (access a b) c)) (2))'],
    ['2*-ma.PI', '(mul 2 (negate (access ma PI)))'],
    ['(-a).b', '(access (negate a) b)'],
    ['-,+', '(par sub add)'],
    ['-:+', '(seq sub add)'],
    ['- - 3', '(sub sub 3)'],
    ['-(10,3)', '(apply sub (10 3))'],
  ])('%s', (text, expected) => expect(tree(text)).toBe(expected))
})

describe('postfix forms', () => {
  test.each([
    ['f(1)(2)', '(apply (apply f (1)) (2))'],
    ['e.f(3)', '(apply (access e f) (3))'],
    ['e[a=1;].f(2)', '(apply (access (substitution e ((definition a 1))) f) (2))'],
    ['a+f(2)', '(add a (apply f (2)))'],
    ['a:*(2)', '(seq a (apply mul (2)))'],
    ['a*(b)', '(mul a b)'],
    ["x'(3)", '(apply (delay1 x) (3))'],
    ['\\(x).(x+1)(5)', '(apply (lambda (x) (add x 1)) (5))'],
    ['\\(x,y).(x,y)', '(lambda (x y) (par x y))'],
    ['%(10)(3)', '(apply (apply rem (10)) (3))'],
    ['select2(1,10,20)', '(apply select2 (1 10 20))'],
    ['pow(2)', '(apply pow (2))'],
    ['^(3)', '(apply pow (3))'],
    ['f(a:b,c<:d)', '(apply f ((seq a b) (split c d)))'],
    ['f((a,b),c)', '(apply f ((par a b) c))'],
    ['<(1,2)', '(apply lt (1 2))'],
    ['f(+,*)', '(apply f (add mul))'],
    ['f(-3,-x)', '(apply f (-3 (negate x)))'],
  ])('%s', (text, expected) => expect(tree(text)).toBe(expected))
})

describe('blocks', () => {
  test.each([
    ['a:b with {c=1;}', '(with (seq a b) ((definition c 1)))'],
    ['a,b with {c=1;}', '(with (par a b) ((definition c 1)))'],
    ['a with {b=1;} with {c=2;}', '(with (with a ((definition b 1))) ((definition c 2)))'],
    ['a with {b=1;} : c', '(seq (with a ((definition b 1))) c)'],
    ['a : b with {} : c,d', '(seq (with (seq a b) ()) (par c d))'],
    ["x letrec {'x = x+1;}", '(letrec x ((x (add x 1))))'],
    ["x letrec {'x=y; 'y=x; where z=1;}", '(letrec x ((x y) (y x)) ((definition z 1)))'],
    ['f((a with {b=1;}))', '(apply f ((with a ((definition b 1)))))'],
    ['case { (0) => 1; (n,m) => n; }', '(case (((0) 1) ((n m) n)))'],
    ['environment { a=1; import("x"); }', '(environment ((definition a 1) (import x)))'],
    ['par(i,4,a,b with {c=1;})', '(iteration par i 4 (with (par a b) ((definition c 1))))'],
    ['hgroup("g",a,b)', '(hgroup g (par a b))'],
    ['inputs(a,b)', '(inputs (par a b))'],
    ['route(2,3,1,1,2,2)', '(route 2 3 (par 1 (par 1 (par 2 2))))'],
    ['route(2,3)', '(route 2 3)'],
    ['["l":+(10),"m"->f](3)', '(apply (modulation ((l (apply add (10))) (m)) f) (3))'],
    ['["l":+ -> f,g]', '(modulation ((l add)) (par f g))'],
    ['a : ["l" -> f]', '(seq a (modulation ((l)) f))'],
  ])('%s', (text, expected) => expect(tree(text)).toBe(expected))
})
