package qr

// The table of application identifiers follows the GS1 syntax dictionary
// (github.com/gs1/gs1-syntax-dictionary, Apache-2.0), cut down to what a
// Digital Link whose primary key is a GTIN may carry.

// primaryKeys are the AIs that can begin a Digital Link; only 01 is served.
const primaryKeys = " 00 01 253 255 401 402 414 415 417 8003 8004 8006 8010 8013 8017 8018 "

// pathAIs stand only behind some primary key in a path.
const pathAIs = " 10 21 22 235 254 7040 8011 8019 8020 "

// attributeTable: AIs, format, groups of which one AI must be there too
// (besides the GTIN), AIs that exclude it. In lists "n" stands for any digit.
const attributeTable = `
00                                   | N18,csum
10                                   | X..20 | 235
11 13 15 16 17                       | N6,date0
20                                   | N2
240 241 251                          | X..30
242                                  | N..6
243                                  | X..20
250                                  | X..30 | 21
253                                  | N13,csum [X..17]
254                                  | X..20 | 414
30                                   | N..8
310n 311n 312n 313n 314n 315n 316n   | N6
320n 321n 322n 323n 324n 325n 326n   | N6
327n 328n 329n 330n 331n 332n 333n   | N6
334n 335n 336n 337n 340n 341n 342n   | N6
343n 344n 345n 346n 347n 348n 349n   | N6
350n 351n 352n 353n 354n 355n 356n   | N6
357n 360n 361n 362n 363n 364n 365n   | N6
366n 367n 368n 369n                  | N6
392n                                 | N..15    | 30,31nn,32nn,35nn,36nn | 393n
393n                                 | N3 N..15 | 30,31nn,32nn,35nn,36nn | 392n
395n                                 | N6       | 30,31nn,32nn,35nn,36nn | 392n,393n,8005
400 401                              | X..30
402                                  | N17,csum
410 411 412 413 414 416 417          | N13,csum
420                                  | X..20 | | 421
421                                  | N3,country X..9 | | 420
422 424                              | N3,country | | 426
423 425                              | N..15,countries | | 426
426                                  | N3,country | | 422,423,424,425
427                                  | X..3 | 422
7001                                 | N13
7002                                 | X..30
7003                                 | N6,date N4,time
7004                                 | N..4 | 10
7005                                 | X..12
7006                                 | N6,date
7007                                 | N6,date [N6,date]
7008                                 | X..3
7009                                 | X..10
7010                                 | X..2
7011                                 | N6,date [N4,time]
7020                                 | X..20 | 416
7021                                 | X..20
7022                                 | X..20 | 7021
7023 8004                            | X..30
703n                                 | N3,processor X..27
7040                                 | N1 X3
710 711 712 713 714 715 716          | X..20
723n                                 | X2 X..28
7240                                 | X..20
8001                                 | N14
8002 8012                            | X..20
8003                                 | N1,zero N13,csum [X..16]
8005                                 | N6
8008                                 | N8,hour [N..4,minute]
8009                                 | X..50
8017                                 | N18,csum | | 8018
8018                                 | N18,csum | | 8017
8030                                 | Z..90 | 21
90                                   | X..30
91 92 93 94 95 96 97 98 99           | X..90
`
