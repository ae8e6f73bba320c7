"""The code lists of the declaration: GB/T 4761 relations, GB/T 2261.2 marital status, our own words of facts.py."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bureau import divisions

Choices = list[tuple[str, str | Promise]]

# Translators: 此人已不在家庭成员中，请重新选择
OWNER_GONE: Final = _("This person is no longer a member of the household. Choose again.")

APPLICANT: Final = "01"
SPOUSE: Final = "10"

RELATIONS: Final[Choices] = [
    ("10", _("Spouse")),
    ("20", _("Son")),
    ("30", _("Daughter")),
    # Translators: 养子或继子
    ("27", _("Adopted son or stepson")),
    # Translators: 养女或继女
    ("37", _("Adopted daughter or stepdaughter")),
    # Translators: 女婿
    ("28", _("Son-in-law")),
    # Translators: 儿媳
    ("38", _("Daughter-in-law")),
    # Translators: 孙子
    ("41", _("Son's son")),
    # Translators: 孙女
    ("42", _("Son's daughter")),
    # Translators: 外孙子
    ("43", _("Daughter's son")),
    # Translators: 外孙女
    ("44", _("Daughter's daughter")),
    ("51", _("Father")),
    ("52", _("Mother")),
    # Translators: 公公
    ("53", _("Husband's father")),
    # Translators: 婆婆
    ("54", _("Husband's mother")),
    # Translators: 岳父
    ("55", _("Wife's father")),
    # Translators: 岳母
    ("56", _("Wife's mother")),
    # Translators: 继父或养父
    ("57", _("Stepfather or adoptive father")),
    # Translators: 继母或养母
    ("58", _("Stepmother or adoptive mother")),
    # Translators: 祖父
    ("61", _("Father's father")),
    # Translators: 祖母
    ("62", _("Father's mother")),
    # Translators: 外祖父
    ("63", _("Mother's father")),
    # Translators: 外祖母
    ("64", _("Mother's mother")),
    # Translators: 兄弟姐妹
    ("70", _("Brother or sister")),
    # Translators: 其他亲属
    ("97", _("Other relative")),
]
MALE_RELATIONS: Final = frozenset({"20", "27", "28", "41", "43", "51", "53", "55", "57", "61", "63"})
FEMALE_RELATIONS: Final = frozenset({"30", "37", "38", "42", "44", "52", "54", "56", "58", "62", "64"})

MARITAL: Final[Choices] = [
    # Translators: 未婚
    ("10", _("Never married")),
    # Translators: 已婚
    ("20", _("Married")),
    # Translators: 丧偶
    ("30", _("Widowed")),
    # Translators: 离婚
    ("40", _("Divorced")),
    # Translators: 未说明的婚姻状况
    ("90", _("Not stated")),
]
HEALTH: Final[Choices] = [
    # Translators: 健康
    ("healthy", _("Healthy")),
    # Translators: 一般
    ("ordinary", _("Fair")),
    # Translators: 重病
    ("severe_illness", _("Severely ill")),
]
DISABILITY: Final[Choices] = [
    ("none", _("None")),
    # Translators: 轻度（三、四级）
    ("light", _("Light (grades 3 and 4)")),
    # Translators: 重度（一、二级）
    ("severe", _("Severe (grades 1 and 2)")),
]
EMPLOYMENT: Final[Choices] = [
    # Translators: 在职职工
    ("employed", _("Employed")),
    # Translators: 灵活就业
    ("flexible", _("Flexible employment")),
    # Translators: 登记失业
    ("unemployed", _("Unemployed")),
    # Translators: 退休
    ("retired", _("Retired")),
    # Translators: 在校学生
    ("student", _("Student")),
    # Translators: 未成年人
    ("child", _("Minor")),
    # Translators: 无劳动能力
    ("unable", _("Unable to work")),
    # Translators: 无业
    ("none", _("No occupation")),
]
TENURES: Final[Choices] = [
    # Translators: 自有
    ("owned", _("Owned")),
    # Translators: 承租公房
    ("public_rental", _("Rented public home")),
    # Translators: 承租私房
    ("private_rental", _("Rented private home")),
    # Translators: 借住
    ("borrowed", _("Borrowed")),
    # Translators: 临时搭建
    ("temporary", _("Temporary structure")),
    ("other", _("Other")),
]
VEHICLE_TYPES: Final[Choices] = [
    # Translators: 小型汽车
    ("car", _("Car")),
    # Translators: 摩托车
    ("motorcycle", _("Motorcycle")),
    # Translators: 货车
    ("truck", _("Truck")),
    # Translators: 残疾人专用车
    ("disabled_vehicle", _("Vehicle for the disabled")),
    # Translators: 船舶
    ("boat", _("Boat")),
    ("other", _("Other")),
]
ASSET_TYPES: Final[Choices] = [
    # Translators: 银行存款
    ("deposit", _("Bank deposit")),
    # Translators: 有价证券
    ("security", _("Securities")),
    # Translators: 基金
    ("fund", _("Fund units")),
    # Translators: 理财产品
    ("wealth_product", _("Wealth management product")),
    # Translators: 商业保险
    ("insurance", _("Commercial insurance")),
    # Translators: 债权
    ("claim", _("Claim on somebody")),
    ("other", _("Other")),
]
BUSINESS_ROLES: Final[Choices] = [
    # Translators: 法定代表人
    ("legal_representative", _("Legal representative")),
    # Translators: 股东
    ("shareholder", _("Shareholder")),
    # Translators: 个体工商户经营者
    ("sole_trader", _("Sole trader")),
    # Translators: 合伙人
    ("partner", _("Partner")),
]
ASSISTANCE_TYPES: Final[Choices] = [
    # Translators: 最低生活保障
    ("dibao", _("Minimum living allowance")),
    # Translators: 特困人员供养
    ("tekun", _("Support for the destitute")),
    # Translators: 低保边缘（低收入）
    ("low_income", _("Low-income assistance")),
    # Translators: 残疾补贴
    ("disability", _("Disability allowance")),
    # Translators: 失业保险金
    ("unemployment", _("Unemployment benefit")),
    # Translators: 公共租赁住房
    ("public_rental", _("Public rental home")),
    # Translators: 住房租赁补贴
    ("rental_subsidy", _("Rental subsidy")),
    ("other", _("Other")),
]
PAPERS: Final[Choices] = [
    # Translators: 身份证
    ("identity", _("ID card")),
    # Translators: 户口簿
    ("hukou", _("Household register")),
    # Translators: 结婚证、离婚证等婚姻证明
    ("marriage", _("Proof of marital status")),
    # Translators: 收入证明
    ("income", _("Proof of income")),
    # Translators: 住房证明（房产证、租赁合同）
    ("housing", _("Proof of housing")),
    # Translators: 车辆证明
    ("vehicle", _("Papers of a vehicle")),
    # Translators: 存款与金融资产证明
    ("asset", _("Proof of deposits and assets")),
    # Translators: 残疾证、疾病证明
    ("health", _("Proof of disability or illness")),
    # Translators: 容缺受理承诺书
    ("promise", _("Written promise of papers that follow")),
    ("other", _("Other paper")),
]
# Translators: 已签署的承诺书和授权书
SIGNED_PAPERS: Final = ("signing", _("Signed commitment and authorisation"))
OTHER_PLACES: Final[Choices] = [
    # Translators: 江苏省内其他城市
    ("320000", _("Another city of Jiangsu")),
    # Translators: 外省
    ("000000", _("Another province")),
]


def hukou_divisions() -> Choices:
    """The districts of the city by their codes, then the places outside it, in the reader's language."""
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    ours = [office.code for office in divisions.OFFICES if office.tier == "district"]
    return [("", _("Choose")), *((code, divisions.place_name(code, lang=lang)) for code in ours), *OTHER_PLACES]


def with_blank(choices: Choices) -> Choices:
    """The list with “Choose” in front, so that nothing is declared by not looking."""
    return [("", _("Choose")), *choices]
