import { Page } from '../../components/page.tsx';

export default function AdministrationPage() {
  return <Page title="Administration">{null}</Page>;
}
