"""Invented people of plausible shape. Phone prefixes are those kept for works of fiction in France."""

from random import Random

CLERKS = ("Camille Morvan", "Driss Benali")
OFFICE = "Mairie de Valbrune"
OFFICE_CODE = "VALB"
TOWNS = (
    ("67990", "VALBRUNE"),
    ("67991", "SAINT-AUBERT-LE-HAUT"),
    ("67992", "LES TROIS-FONTAINES"),
    ("67993", "MONTREVEL-SUR-ILL"),
    ("01990", "LA CHAPELLE-AUX-ORMES"),
)
STREETS = (
    "rue des Tilleuls", "chemin du Moulin", "impasse des Lilas", "avenue de la République",
    "rue Haute", "place du Marché", "allée des Bouleaux", "route de la Vallée", "quai des Pêcheurs",
    "rue du Four-à-Chaux",
)  # fmt: skip
SERVICES = (
    "Voirie", "Espaces verts", "État civil", "Écoles", "Restauration scolaire", "Petite enfance",
    "Médiathèque", "Finances", "Police municipale", "Bâtiments", "Sports", "Accueil",
)  # fmt: skip
FICTION = ("0199 00", "0261 91", "0353 01", "0465 71", "0536 49")

WOMEN = (
    "Anne", "Marie", "Éléonore", "Élodie", "Hélène", "Zoé", "Chloé", "Léa", "Inès", "Maëlys", "Anaïs",
    "Noémie", "Océane", "Marie-Thérèse", "Marie-Noëlle", "Anne-Sophie", "Anne-Laure", "Gaëlle",
    "Françoise", "Cécile", "Agnès", "Aurélie", "Béatrice", "Bénédicte", "Geneviève", "Stéphanie",
    "Valérie", "Véronique", "Yvette", "Fatima", "Leïla", "Aïcha", "Fatoumata", "Thi-Mai", "Manon",
    "Sarah", "Louise", "Jade", "Emma", "Ambre", "Nadège", "Sylvie", "Solène", "Mathilde", "Nour",
)  # fmt: skip
MEN = (
    "Jean", "Pierre", "Michel", "André", "Philippe", "René", "Alain", "Jacques", "Bernard",
    "Jean-Pierre", "Jean-Luc", "Jean-François", "Loïc", "Yann", "Gwenaël", "Maël", "Noël", "Joël",
    "Raphaël", "François", "Jérôme", "Clément", "Cédric", "Damien", "Frédéric", "Grégory", "Jérémy",
    "Nicolas", "Stéphane", "Sébastien", "Xavier", "Yves", "Mohamed", "Karim", "Ousmane", "Minh",
    "Laurent", "Olivier", "Julien", "Hugo", "Côme", "Quentin", "Rémi", "Tanguy", "Ulysse", "Ismaël",
)  # fmt: skip
FAMILIES = (
    "Martin", "Petit", "Durand", "Dubois", "Moreau", "Laurent", "Lefebvre", "Leroy", "Roux", "Morel",
    "Fournier", "Girard", "Bonnet", "Dupont", "Fontaine", "Rousseau", "Muller", "Lefèvre", "Faure",
    "Mercier", "Guérin", "Boyer", "Garnier", "Chevalier", "Legrand", "Gauthier", "Perrin", "Morin",
    "Roussel", "Masson", "Marchand", "Duval", "Lemaire", "Meyer", "Dufour", "Meunier", "Brun", "Joly",
    "Rivière", "Brunet", "Gaillard", "Barbier", "Schmitt", "Colin", "Vidal", "Caron", "Renaud",
    "Lacroix", "Bourgeois", "Payet", "Leclercq", "Guillot", "Carpentier", "Moulin", "Deschamps",
    "Huet", "Vasseur", "Boucher", "Fleury", "Klein", "Poirier", "Marty", "Carré", "Ménard", "Hervé",
    "Schneider", "Müller", "Traoré", "Çelik", "Bâcle", "Maître", "Châtelain", "Saint-Exupère",
    "Œuvrard", "Cœurdevey", "Lœb", "Diallo", "Haddad", "Kowalski", "Pereira", "Nguyễn", "Weber",
)  # fmt: skip
PARTICLES = (
    "Le Goff", "Le Gall", "Le Bihan", "Le Floc’h", "de La Tour", "de la Rue", "d’Artois",
    "d’Hérouville", "de Saint-Martin", "Du Pont", "L’Hostis", "L’Hermitte", "M’Barek", "N’Diaye",
    "Van den Berg", "von Stein", "Ben Youssef", "El Amrani", "Dos Santos", "Da Silva", "Di Rosa",
    "Mac Carthy", "O’Brien",
)  # fmt: skip
SYLLABLES = (
    "ba", "ber", "bou", "cha", "che", "cour", "da", "del", "dou", "fau", "fer", "gal", "gar",
    "gé", "gui", "jac", "jo", "la", "lau", "le", "lé", "li", "lo", "ma", "mé", "mi", "mon",
    "na", "né", "noi", "pa", "pel", "per", "pi", "pou", "ra", "ré", "ri", "ro", "sa", "sel",
    "si", "sou", "ta", "té", "tou", "va", "ver", "vi",
)  # fmt: skip
ENDINGS = (
    "ard", "aud", "aux", "eau", "el", "er", "et", "eux", "ez", "ier", "in", "is", "on", "ot",
    "oy", "ac", "ec", "and", "ent", "lin", "lier", "court", "ville",
)  # fmt: skip


def family_name(rng: Random) -> str:
    """A family name: common, with a particle, compound, or made of syllables."""
    dice = rng.random()
    if dice < 0.4:
        return rng.choice(FAMILIES)
    if dice < 0.5:
        return rng.choice(PARTICLES)
    made = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((1, 2, 2)))) + rng.choice(
        ENDINGS
    )
    made = made.capitalize()
    if dice < 0.56:
        return f"{made}-{rng.choice(FAMILIES)}"
    if dice < 0.6:
        return rng.choice(("Le ", "de ", "d’", "De La ", "L’", "Saint-")) + made
    return made


def phone(rng: Random) -> str:
    """An E.164 number out of the ranges kept for fiction."""
    if rng.random() < 0.7:
        return f"+33639 98{rng.randrange(10_000):04d}".replace(" ", "")
    return "+33" + rng.choice(FICTION).replace(" ", "")[1:] + f"{rng.randrange(10_000):04d}"
